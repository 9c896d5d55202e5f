package io.kscribe.bench;

import io.kscribe.engine.Transcription;
import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.RecognitionTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Holds the finals that came against those that the audio gives.
 *
 * <p>Each channel is heard again, which tells its segments. If one of them has no final, or if texts are to be compared, the channel is decoded
 * again, too: only that tells a lost final from speech that turned out to be noise.
 */
final class Tally {
    private final Expectation expectation;
    private final Function<RecognitionTask, Transcription> engine;
    private final boolean compareTexts;

    Tally(Expectation expectation, Function<RecognitionTask, Transcription> engine, boolean compareTexts) {
        this.expectation = expectation;
        this.engine = engine;
        this.compareTexts = compareTexts;
    }

    /** Takes stock of all channels, as many at once as there are processors. */
    Finals of(LoadPlan plan, List<Arrival> finals) {
        Map<String, List<RecognitionResult>> came = new HashMap<>();
        for (Arrival arrival : finals) {
            came.computeIfAbsent(channel(arrival), key -> new ArrayList<>())
                    .add(arrival.shown(arrival.at()).result());
        }
        return plan.channels().parallelStream()
                .map(channel ->
                        of(channel.script(), came.getOrDefault(channel.callId() + "/" + channel.channel(), List.of())))
                .reduce(new Finals(0, 0, 0, 0, 0, 0, 0), Tally::plus);
    }

    private static String channel(Arrival arrival) {
        return arrival.transcript().getCallId() + "/" + arrival.transcript().getChannel();
    }

    private Finals of(ChannelScript script, List<RecognitionResult> came) {
        Map<Long, RecognitionResult> received = new TreeMap<>();
        came.forEach(result -> received.putIfAbsent(result.segment(), result));
        long doubled = (long) came.size() - received.size();
        if (!compareTexts) {
            Set<Long> segments = expectation.segments(script);
            if (received.keySet().equals(segments)) {
                return new Finals(segments.size(), segments.size(), 0, doubled, 0, 0, 0);
            }
        }
        Map<Long, RecognitionResult> expected = new TreeMap<>();
        expectation.finals(script, engine).forEach(result -> expected.put(result.segment(), result));
        long lost = expected.keySet().stream()
                .filter(segment -> !received.containsKey(segment))
                .count();
        long both = expected.size() - lost;
        long changed = compareTexts
                ? expected.entrySet().stream()
                        .filter(entry -> received.containsKey(entry.getKey())
                                && !same(entry.getValue(), Objects.requireNonNull(received.get(entry.getKey()))))
                        .count()
                : 0;
        return new Finals(
                expected.size(),
                received.size(),
                lost,
                doubled,
                received.size() - both,
                changed,
                compareTexts ? both : 0);
    }

    private static boolean same(RecognitionResult one, RecognitionResult other) {
        return one.text().equals(other.text())
                && one.startMillis() == other.startMillis()
                && one.endMillis() == other.endMillis();
    }

    private static Finals plus(Finals one, Finals other) {
        return new Finals(
                one.expected() + other.expected(),
                one.received() + other.received(),
                one.lost() + other.lost(),
                one.doubled() + other.doubled(),
                one.unexpected() + other.unexpected(),
                one.changed() + other.changed(),
                one.compared() + other.compared());
    }
}
