package io.kscribe.console;

import io.kscribe.console.Event.Kind;
import io.kscribe.console.Event.Place;
import io.kscribe.console.WatchedCall.Kept;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;

/**
 * Recent calls, and everybody who watches them.
 *
 * <p>What is remembered is the state of calls, not a log: of a segment its newest transcript. Every change has a number, so whoever
 * has seen the changes up to one can be told what is different now. All methods may be called by any thread.
 */
final class TranscriptHub {

    /**
     * A call at one moment.
     *
     * @param summary the call without its words
     * @param finals in the order of time
     * @param partials what is being said
     */
    record Snapshot(Map<String, @Nullable Object> summary, boolean live, List<Kept> finals, List<Kept> partials) {
        String callId() {
            return String.valueOf(summary.get("callId"));
        }
    }

    private final ConsoleLimits limits;
    private final InstantSource clock;
    private final String run;
    private final Set<Viewer> viewers = new CopyOnWriteArraySet<>();

    /** From the one that was heard of longest ago to the latest. */
    private final Map<String, WatchedCall> calls = new LinkedHashMap<>();

    private final Map<String, Long> bytes = new LinkedHashMap<>();

    /** Calls of whose loudness viewers have not been told. */
    private final Set<WatchedCall> heard = new LinkedHashSet<>();

    private long allBytes;
    private long number;
    private long lastGone;

    TranscriptHub(ConsoleLimits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
        this.run = Long.toString(clock.millis(), Character.MAX_RADIX);
    }

    /** Takes note of a transcript, unless it says nothing new. */
    void said(Transcript transcript) {
        String json = ConsoleJson.of(transcript);
        synchronized (this) {
            WatchedCall known = calls.get(transcript.getCallId());
            if (known != null && !known.isNews(transcript)) {
                return;
            }
            long now = clock.millis();
            WatchedCall call = touched(transcript.getCallId());
            Kept kept = new Kept(number + 1, transcript, json);
            boolean news = call.say(kept, now);
            tell(event(kept));
            update(call, news, now);
        }
    }

    /** Takes note of audio. */
    synchronized void heard(AudioChunk chunk) {
        WatchedCall known = calls.get(chunk.getCallId());
        if (known != null && known.hasEnded() && chunk.getSequence() == 0) {
            forget(known); // the id is used again, for another call
        }
        long now = clock.millis();
        WatchedCall call = touched(chunk.getCallId());
        heard.add(call);
        update(call, call.hear(chunk, now), now);
    }

    /** Tells viewers how loud it has been since they were last told. */
    synchronized void tellLevels() {
        for (WatchedCall call : heard) {
            List<Map<String, @Nullable Object>> levels = call.levels(false);
            if (viewers.stream().anyMatch(viewer -> viewer.wantsLevels(call.id()))) {
                levels.forEach(some -> tell(Kind.LEVELS, call.id(), ConsoleJson.of(some)));
            }
        }
        heard.clear();
    }

    /** Looks at the clock: which calls have fallen silent, and which are to be forgotten. */
    synchronized void tick() {
        long now = clock.millis();
        for (WatchedCall call : calls.values()) {
            if (call.look(now, limits.silentCall())) {
                tellOf(call);
            }
        }
        viewers.removeIf(Viewer::isClosed);
        for (WatchedCall call : List.copyOf(calls.values())) {
            if (now - call.heardAt() > limits.keptTime().toMillis()) {
                forget(call);
            }
        }
    }

    /** How many viewers are connected. */
    synchronized int viewers() {
        viewers.removeIf(Viewer::isClosed);
        return viewers.size();
    }

    /**
     * Begins to tell a viewer what happens.
     *
     * @param after what the viewer has seen already; null to begin with what comes from now on
     * @return empty if there are too many viewers
     */
    synchronized Optional<Viewer> watch(Interest interest, @Nullable String after) {
        viewers.removeIf(Viewer::isClosed);
        if (viewers.size() >= limits.viewers()) {
            return Optional.empty();
        }
        List<Event> catchingUp = new ArrayList<>();
        if (after != null) {
            catchUp(EventId.parse(after), catchingUp);
        }
        interest.levels().stream()
                .map(calls::get)
                .filter(call -> call != null)
                .flatMap(call -> call.levels(true).stream().map(levels -> levels(call, levels)))
                .forEach(catchingUp::add);
        Viewer viewer = new Viewer(
                interest, catchingUp.stream().filter(interest::covers).toList(), limits.viewerEvents());
        viewers.add(viewer);
        return Optional.of(viewer);
    }

    /** Disconnects everybody. */
    synchronized void end(String reason) {
        viewers.forEach(viewer -> viewer.end(reason));
    }

    /** The id of an event, for a viewer to come back with. */
    EventId id(long eventNumber) {
        return new EventId(run, eventNumber);
    }

    /** The id of the newest event. */
    synchronized EventId position() {
        return id(number);
    }

    /** All calls, the latest first. */
    synchronized List<Snapshot> calls() {
        Comparator<Snapshot> byStart =
                Comparator.comparing(snapshot -> (Long) snapshot.summary().get("startedAt"));
        return calls.values().stream()
                .map(TranscriptHub::snapshot)
                .sorted(byStart.reversed().thenComparing(Snapshot::callId))
                .toList();
    }

    /** One call. */
    synchronized Optional<Snapshot> call(String id) {
        return Optional.ofNullable(calls.get(id)).map(TranscriptHub::snapshot);
    }

    /** How loud a call was, channel by channel; empty if it is not known. */
    synchronized Optional<List<Map<String, @Nullable Object>>> levels(String id) {
        return Optional.ofNullable(calls.get(id)).map(call -> call.levels(true));
    }

    private static Snapshot snapshot(WatchedCall call) {
        return new Snapshot(call.summary(), call.isLive(), call.finals(), call.partials());
    }

    /** What a viewer has missed; everything, and that it is everything, if nobody can tell. */
    private void catchUp(Optional<EventId> after, List<Event> catchingUp) {
        boolean current = after.isPresent()
                && after.get().run().equals(run)
                && after.get().number() >= lastGone
                && after.get().number() <= number;
        long since = current ? after.get().number() : 0;
        if (!current) {
            catchingUp.add(new Event(0, Kind.RESET, "", null, "{}"));
        }
        List<Event> missed = new ArrayList<>();
        for (WatchedCall call : calls.values()) {
            if (call.told() > since) {
                missed.add(new Event(call.told(), Kind.CALL, call.id(), null, ConsoleJson.of(call.summary())));
            }
            call.finals().forEach(kept -> missed.add(event(kept)));
            call.partials().forEach(kept -> missed.add(event(kept)));
        }
        missed.stream()
                .filter(event -> event.number() > since)
                .sorted(Comparator.comparingLong(Event::number))
                .forEach(catchingUp::add);
    }

    /** The call, now the latest that was heard of. */
    private WatchedCall touched(String id) {
        WatchedCall call = calls.remove(id);
        if (call == null) {
            call = new WatchedCall(id, limits.keptLoudness());
        }
        calls.put(id, call);
        return call;
    }

    private void update(WatchedCall call, boolean news, long now) {
        if (call.look(now, limits.silentCall()) || news) {
            tellOf(call);
        }
        count(call);
        while (calls.size() > 1 && (calls.size() > limits.keptCalls() || allBytes > limits.keptBytes())) {
            forget(calls.values().iterator().next());
        }
        while (allBytes > limits.keptBytes() && call.forgetFirst()) {
            count(call);
            lastGone = number;
        }
    }

    private void count(WatchedCall call) {
        long size = call.bytes();
        Long before = bytes.put(call.id(), size);
        allBytes += size - (before == null ? 0 : before);
    }

    private void forget(WatchedCall call) {
        calls.remove(call.id());
        heard.remove(call);
        Long freed = bytes.remove(call.id());
        allBytes -= freed == null ? 0 : freed;
        tell(Kind.GONE, call.id(), ConsoleJson.of(Map.of("callId", call.id())));
        lastGone = number;
    }

    private void tellOf(WatchedCall call) {
        tell(Kind.CALL, call.id(), ConsoleJson.of(call.summary()));
        call.tell(number);
    }

    private void tell(Kind kind, String callId, String json) {
        tell(new Event(number + 1, kind, callId, null, json));
    }

    private void tell(Event event) {
        number = event.number();
        viewers.forEach(viewer -> viewer.offer(event));
    }

    private Event levels(WatchedCall call, Map<String, @Nullable Object> levels) {
        return new Event(number, Kind.LEVELS, call.id(), null, ConsoleJson.of(levels));
    }

    private static Event event(Kept kept) {
        Transcript transcript = kept.transcript();
        return new Event(
                kept.number(),
                transcript.getStatus() == TranscriptStatus.FINAL ? Kind.FINAL : Kind.PARTIAL,
                transcript.getCallId(),
                new Place(transcript.getChannel(), transcript.getSegmentId()),
                kept.json());
    }
}
