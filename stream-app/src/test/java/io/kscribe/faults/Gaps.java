package io.kscribe.faults;

import io.kscribe.bench.Arrival;
import io.kscribe.faults.Fault.Kind;
import io.kscribe.schema.Transcript;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The gaps in what is shown of channels while somebody speaks on them.
 *
 * <p>A gap begins with the last output (partial or final) that had heard more than those before it, or when somebody begins to
 * speak, whichever is later; it ends with the next such output. So in undisturbed work each gap is the interval between partials, or the
 * time to the first one. When somebody speaks is taken from the finals of the undisturbed run.
 */
final class Gaps {
    /** A fault that came at most so long after a gap began is why it is as long as it is. */
    private static final Duration BEFORE = Duration.ofMillis(500);

    /** A gap that began so soon after a fault is still one of that fault. */
    private static final Duration AFTERMATH = Duration.ofSeconds(8);

    private final List<Gap> gaps = new ArrayList<>();

    /** A time without output. */
    record Gap(String callId, int channel, Instant from, Instant to) {
        Duration length() {
            return Duration.between(from, to);
        }

        @Override
        public String toString() {
            return length().toMillis() + " ms in " + callId + "/" + channel;
        }
    }

    /**
     * Adds a channel's.
     *
     * @param start when its first sample was captured
     * @param segments its finals in an undisturbed run, in order
     * @param outputs what was read of it, in the order of reading
     */
    void add(Instant start, List<Transcript> segments, List<Arrival> outputs) {
        long covered = 0;
        Instant last = start;
        for (Arrival output : outputs) {
            long heard = output.transcript().getEndMillis();
            if (heard <= covered) {
                continue;
            }
            Optional<Instant> due = nextSpeech(segments, covered, heard).map(start::plusMillis);
            if (due.isPresent()) {
                Instant from = due.get().isAfter(last) ? due.get() : last;
                gaps.add(new Gap(
                        output.transcript().getCallId(), output.transcript().getChannel(), from, output.at()));
            }
            covered = heard;
            last = output.at();
        }
    }

    /** The first moment of speech from a time on and before another. */
    private static Optional<Long> nextSpeech(List<Transcript> segments, long fromMillis, long toMillis) {
        return segments.stream()
                .filter(segment -> segment.getEndMillis() > fromMillis)
                .map(segment -> Math.max(fromMillis, segment.getStartMillis()))
                .filter(at -> at < toMillis)
                .findFirst();
    }

    /** The longest gap of each fault, in the order of the faults; a fault that nobody noticed has none. */
    Map<Fault, Gap> worst(List<Fault> faults) {
        Map<Fault, Gap> worst = new LinkedHashMap<>();
        faults.forEach(fault -> gaps.stream()
                .filter(gap -> cause(gap, faults).filter(fault::equals).isPresent())
                .max(Comparator.comparing(Gap::length))
                .ifPresent(gap -> worst.put(fault, gap)));
        return worst;
    }

    /** The gaps of no fault, in order of length. */
    List<Duration> undisturbed(List<Fault> faults) {
        return gaps.stream()
                .filter(gap -> cause(gap, faults).isEmpty())
                .map(Gap::length)
                .sorted()
                .toList();
    }

    /** The first fault within a gap, else the last one shortly before it. */
    private static Optional<Fault> cause(Gap gap, List<Fault> faults) {
        Instant earliest = gap.from().minus(BEFORE);
        Optional<Fault> within = faults.stream()
                .filter(fault -> !fault.at().isBefore(earliest) && fault.at().isBefore(gap.to()))
                .findFirst();
        return within.or(() -> faults.stream()
                .filter(fault -> fault.at().isBefore(earliest)
                        && fault.at().plus(AFTERMATH).isAfter(gap.from()))
                .reduce((one, later) -> later));
    }

    /** By kind, how many faults there were, and the middle and the worst of their longest gaps. */
    static List<String> table(List<Fault> faults, Map<Fault, Gap> worst) {
        Map<Kind, List<Gap>> kinds = new EnumMap<>(Kind.class);
        worst.forEach((fault, gap) ->
                kinds.computeIfAbsent(fault.kind(), kind -> new ArrayList<>()).add(gap));
        List<String> lines = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            long count = faults.stream().filter(fault -> fault.kind() == kind).count();
            List<Gap> sorted = kinds.getOrDefault(kind, List.of()).stream()
                    .sorted(Comparator.comparing(Gap::length))
                    .toList();
            lines.add(String.format(
                    Locale.ROOT,
                    "%-16s %3d times, noticed %3d times; longest gap: median %5s ms, worst %s",
                    kind,
                    count,
                    sorted.size(),
                    sorted.isEmpty()
                            ? "-"
                            : sorted.get(sorted.size() / 2).length().toMillis(),
                    sorted.isEmpty() ? "-" : sorted.get(sorted.size() - 1)));
        }
        return lines;
    }
}
