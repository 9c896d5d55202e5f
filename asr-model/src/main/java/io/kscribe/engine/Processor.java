package io.kscribe.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What decides how 8-bit products may be summed on this machine. */
final class Processor {
    private static final Path LINUX = Path.of("/proc/cpuinfo");
    private static final boolean OVERFLOWS = overflows(System.getProperty("os.arch", ""), description());

    private Processor() {}

    /**
     * Whether pairs of 8-bit products are summed in 16 bits, which they can overflow: on x86 without VNNI, or if nobody knows. ONNX Runtime
     * then has a slower way.
     */
    static boolean overflows() {
        return OVERFLOWS;
    }

    /**
     * As {@link #overflows()}.
     *
     * @param architecture as Java names it
     * @param description as Linux describes the processor; empty if unknown
     */
    static boolean overflows(String architecture, String description) {
        boolean x86 = architecture.equals("amd64") || architecture.equals("x86_64");
        return x86 && !description.toLowerCase(Locale.ROOT).contains("vnni");
    }

    private static String description() {
        try {
            return Files.isReadable(LINUX) ? Files.readString(LINUX) : "";
        } catch (IOException | UncheckedIOException e) {
            return "";
        }
    }
}
