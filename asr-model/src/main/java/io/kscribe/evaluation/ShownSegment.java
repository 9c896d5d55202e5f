package io.kscribe.evaluation;

import io.kscribe.evaluation.LiveScore.Changes;
import io.kscribe.evaluation.LiveScore.Load;
import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.ShownResult;
import io.kscribe.recognizer.SpokenWord;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/** Measures all that was shown of one segment, from its first partial to its final, or to its being taken back. */
final class ShownSegment {
    /** How far apart the moments are whose way into a partial is timed. */
    private static final long GRID_MILLIS = 10;

    private final List<ShownResult> revisions;
    private final long chunkMillis;
    private final RecognitionResult last;

    /**
     * Takes what was shown.
     *
     * @param revisions one or more, in the order of time
     * @param chunk how much audio arrives together
     */
    ShownSegment(List<ShownResult> revisions, Duration chunk) {
        this.revisions = List.copyOf(revisions);
        this.chunkMillis = chunk.toMillis();
        this.last = this.revisions.get(this.revisions.size() - 1).result();
    }

    /** Without latencies if nothing is left of it. */
    LiveScore score() {
        return new LiveScore(
                partialLatencies(),
                wordLatencies(word -> true),
                wordLatencies(SpokenWord::stable),
                finalLatency(),
                shownWords(),
                stableWords(),
                Load.ZERO);
    }

    private Latencies partialLatencies() {
        if (last.words().isEmpty()) {
            return Latencies.NONE;
        }
        LongStream moments = LongStream.iterate(
                last.startMillis(), moment -> moment < last.endMillis(), moment -> moment + GRID_MILLIS);
        return Latencies.of(moments.map(moment -> coveredMillis(moment) - arrivalMillis(moment)));
    }

    private long arrivalMillis(long moment) {
        return (moment / chunkMillis + 1) * chunkMillis;
    }

    private long coveredMillis(long moment) {
        return revisions.stream()
                .filter(shown -> shown.result().endMillis() > moment)
                .findFirst()
                .orElseThrow()
                .at()
                .toMillis();
    }

    private Latencies wordLatencies(Predicate<SpokenWord> counts) {
        List<SpokenWord> words = last.words();
        long[] shownMillis = new long[words.size()];
        Arrays.fill(shownMillis, Long.MAX_VALUE);
        for (ShownResult shown : revisions) {
            List<SpokenWord> seen = shown.result().words();
            int[] places = KeptWords.places(seen, words);
            for (int i = 0; i < places.length; i++) {
                if (places[i] != KeptWords.GONE && counts.test(seen.get(i))) {
                    shownMillis[places[i]] =
                            Math.min(shownMillis[places[i]], shown.at().toMillis());
                }
            }
        }
        return Latencies.of(LongStream.range(0, words.size())
                .map(i -> shownMillis[(int) i] - words.get((int) i).endMillis()));
    }

    private Latencies finalLatency() {
        return last.words().isEmpty()
                ? Latencies.NONE
                : Latencies.of(
                        LongStream.of(revisions.get(revisions.size() - 1).at().toMillis() - last.endMillis()));
    }

    private Changes shownWords() {
        long forms = 0;
        long changed = 0;
        List<SpokenWord> before = List.of();
        for (ShownResult shown : revisions) {
            List<SpokenWord> now = shown.result().words();
            long kept = KeptWords.count(before, now);
            changed += before.size() - kept;
            forms += shown.result().isFinal() ? 0 : now.size() - kept;
            before = now;
        }
        return new Changes(forms, changed);
    }

    private Changes stableWords() {
        if (revisions.size() < 2) {
            return Changes.ZERO;
        }
        List<SpokenWord> stable = revisions.get(revisions.size() - 2).result().words().stream()
                .filter(SpokenWord::stable)
                .toList();
        return new Changes(stable.size(), stable.size() - KeptWords.count(stable, last.words()));
    }
}
