package io.kscribe.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Reads what a process of this machine has used so far.
 *
 * @param name what it is called in reports
 * @param process the process
 */
public record ProcessMeter(String name, ProcessHandle process) {
    private static final String RESIDENT = "VmRSS:";

    /** What Linux counts processor time in, towards programs. */
    private static final Duration TICK = Duration.ofMillis(10);

    /** The field of a thread's ticks in user mode, from the one after its name. */
    private static final int USER_TICKS = 11;

    /** Processor time, all threads together; empty once the process has ended, or where the system does not tell. */
    Optional<Duration> processorTime() {
        return process.info().totalCpuDuration();
    }

    /**
     * Processor time of the threads that live, by their names up to the first digit, of which Linux keeps 15 characters; empty where there is no
     * {@code /proc}, or once the process has ended.
     */
    Map<String, Duration> threadTimes() {
        Map<String, Duration> times = new TreeMap<>();
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (Path thread : threads) {
                addThread(thread, times);
            }
        } catch (IOException gone) {
            return Map.of();
        }
        return times;
    }

    private static void addThread(Path thread, Map<String, Duration> times) {
        String stat;
        try {
            stat = Files.readString(thread.resolve("stat"));
        } catch (IOException gone) {
            return;
        }
        // proc_pid_stat(5): number, (name), and then by blanks; the 14th and 15th are ticks in user and kernel mode.
        int end = stat.lastIndexOf(')');
        String name = stat.substring(stat.indexOf('(') + 1, end).replaceFirst("[ #-]*\\d.*", "");
        String[] fields = stat.substring(end + 2).split(" ", -1);
        long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1]);
        times.merge(name, TICK.multipliedBy(ticks), Duration::plus);
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
