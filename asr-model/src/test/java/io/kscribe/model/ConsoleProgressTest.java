package io.kscribe.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {

    private static final String ERASE = "\r\u001b[K";

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void shouldWriteTwoQuietLinesWhereThereIsNoTerminal() {
        DownloadProgress progress = progress(false);
        progress.start("tiny", 43_000_000);
        later(progress, 20_000_000);
        progress.done();
        assertThat(written()).isEqualTo("Fetching tiny (43.0 MB)\nFetched tiny\n");
    }

    @Test
    void shouldDrawABarOnATerminal() {
        DownloadProgress progress = progress(true);
        progress.start("tiny", 40_000_000);
        later(progress, 20_000_000);
        progress.done();
        assertThat(written())
                .isEqualTo(ERASE + "Fetching tiny [----------------------------] 0.0 of 40.0 MB"
                        + ERASE + "Fetching tiny [##############--------------] 20.0 of 40.0 MB"
                        + ERASE + "Fetched tiny\n");
    }

    @Test
    void shouldNotDrawMoreOftenThanAnEyeCanFollow() {
        DownloadProgress progress = progress(true);
        progress.start("tiny", 40_000_000);
        String drawn = written();
        progress.advanced(1_000_000);
        progress.advanced(2_000_000);
        assertThat(written()).isEqualTo(drawn);
    }

    @Test
    void shouldTurnWhereTheTotalIsUnknown() {
        DownloadProgress progress = progress(true);
        progress.start("tiny", DownloadProgress.UNKNOWN_BYTES);
        later(progress, 0);
        assertThat(written()).isEqualTo(ERASE + "Fetching tiny |" + ERASE + "Fetching tiny /");
    }

    @Test
    void shouldEraseTheBarOfADownloadThatFailed() {
        DownloadProgress progress = progress(true);
        progress.start("tiny", 40_000_000);
        progress.failed();
        assertThat(written()).endsWith(ERASE);
    }

    private void later(DownloadProgress progress, long bytes) {
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        progress.advanced(bytes);
    }

    private DownloadProgress progress(boolean terminal) {
        return new ConsoleProgress(new PrintStream(written, true, StandardCharsets.UTF_8), terminal, nanos::get);
    }

    private String written() {
        return written.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
