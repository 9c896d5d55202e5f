package io.kscribe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads what a process of this machine has used so far.
 *
 * @param name what it is called in reports
 * @param process the process
 */
public record ProcessMeter(String name, ProcessHandle process) {
    private static final String RESIDENT = "VmRSS:";

    /** Processor time, all threads together; empty once the process has ended, or where the system does not tell. */
    Optional<Duration> processorTime() {
        return process.info().totalCpuDuration();
    }

    /** Memory that the process holds, in bytes; empty where there is no {@code /proc}, or once the process has ended. */
    OptionalLong residentBytes() {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException gone) {
            return OptionalLong.empty();
        }
    }
}
