package io.kscribe.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a run of {@code kscribe} left behind. */
record Run(int status, String out, String err) {

    static Run kscribe(String... args) {
        return with(System.getenv(), args);
    }

    /** In another environment. */
    static Run with(Map<String, String> environment, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Kscribe.run(out, err, () -> Terminal.NONE, environment, args);
        return new Run(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
