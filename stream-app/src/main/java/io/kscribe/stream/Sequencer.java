package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;
import io.kscribe.stream.Fault.Reason;
import io.kscribe.stream.FlowMetrics.Count;
import io.kscribe.stream.FlowMetrics.End;
import io.kscribe.stream.FlowMetrics.Level;
import io.kscribe.stream.RecentChunks.Known;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads chunks and puts those of a channel in order: repeated ones go, early ones wait for those before them, missing ones are noted, and
 * what makes no sense is rejected. A channel that falls silent is ended, until it is heard of again; so are the channels of a call when there are too many, and one that
 * brings audio for hours on end faster than time passes.
 *
 * <p>What waits is in a store, so that a crash does not lose it.
 */
final class Sequencer implements Processor<byte[], byte[], String, OrderedChunk> {
    static final String POSITIONS = "sequencer-positions";
    static final String WAITING = "sequencer-waiting";

    /** The attribute of a chunk that the sequencer made up to end a channel: {@link #TIMEOUT} or {@link #EVICTED}. */
    static final String ENDED_BY = "kscribe.end";

    /** The channel had sent nothing for too long. */
    static final String TIMEOUT = "timeout";

    /** The channel had to make room. */
    static final String EVICTED = "evicted";

    private static final Duration LOOK_ROUND = Duration.ofMillis(100);
    /** The thread was held up, or the machine slept, if nobody looked round for this long: what was sent meanwhile is still to come. */
    private static final Duration STALL = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(Sequencer.class);

    private final StreamLimits limits;
    private final ChunkRules rules;
    private final Serde<AudioChunk> chunks;
    private final String topic;
    private final String next;
    private final String deadLetterSink;
    private final Upstream upstream;
    private final Tracing tracing;

    /** What the chunk that is being processed says of its trace; those that it sets free are taken to be in the same. */
    private @Nullable Headers trace;

    private final Map<ChannelKey, Channel> channels = new HashMap<>();

    /** Calls with a channel that has not ended, the one that was heard of longest ago first. */
    private final Map<String, Set<Channel>> openCalls = new LinkedHashMap<>(16, 0.75f, true);

    /** Channels that have ended, the first first. */
    private final Set<Channel> ended = new LinkedHashSet<>();

    private @Nullable Wiring wiring;
    private long lookedRoundMillis;

    /** The offset after the last record; 0 before the first. */
    private long nextOffset;

    private boolean readSinceLookedRound;

    private record Wiring(
            ProcessorContext<String, OrderedChunk> context,
            KeyValueStore<String, Position> positions,
            KeyValueStore<String, HeldChunk> waiting,
            KeyValueStore<String, byte[]> sessions,
            DeadLetters deadLetters,
            FlowMetrics metrics) {}

    /** What is known of a channel. */
    private static final class Channel {
        private final ChannelKey key;
        private final RecentChunks recent;
        private final Lead lead;

        /** Where it is: what the store has; null before the first chunk was passed on. */
        private @Nullable Position last;

        private long lastSeenMillis;
        private int waiting;
        private long waitingBytes;
        private long waitingSinceMillis;

        private Channel(ChannelKey key, StreamLimits limits, long arrivedMillis, long nowMillis) {
            this.key = key;
            this.recent = new RecentChunks(limits.comparedChunks());
            this.lead = new Lead(arrivedMillis, nowMillis);
            this.lastSeenMillis = nowMillis;
        }

        /** The sequence number that comes next; 0 before the first chunk. */
        private long expected() {
            return last == null ? 0 : last.sequence() + 1;
        }

        private boolean ended() {
            return last != null && last.ended();
        }

        /** Whether it was ended for its silence, and may go on. */
        private boolean mayGoOn() {
            return last != null && last.mayGoOn();
        }

        /** Gives it all its time again: what it sent while nobody could hear it is still to come. */
        private void restartClock(long nowMillis) {
            lastSeenMillis = nowMillis;
            waitingSinceMillis = nowMillis;
        }

        private void holds(HeldChunk held, int sign) {
            waiting += sign;
            waitingBytes += (long) sign * held.chunk().getPayload().remaining();
        }
    }

    /**
     * Makes a sequencer.
     *
     * @param topic where chunks come from
     * @param chunks how they are written there; closed by the caller
     * @param next the node that ordered chunks go to
     * @param deadLetterSink the node that rejected records go to, as bytes
     * @param upstream tells what silence means
     */
    Sequencer(
            String topic,
            Serde<AudioChunk> chunks,
            StreamLimits limits,
            String next,
            String deadLetterSink,
            Upstream upstream,
            Tracing tracing) {
        this.topic = topic;
        this.chunks = chunks;
        this.limits = limits;
        this.rules = new ChunkRules(limits);
        this.next = next;
        this.deadLetterSink = deadLetterSink;
        this.upstream = upstream;
        this.tracing = tracing;
    }

    /** Whether a chunk is the sequencer's own, which ends a channel that has fallen silent. */
    static boolean timedOut(AudioChunk chunk) {
        return chunk.getEndOfStream() && TIMEOUT.equals(chunk.getAttributes().get(ENDED_BY));
    }

    @Override
    public void init(ProcessorContext<String, OrderedChunk> context) {
        FlowMetrics metrics = new FlowMetrics(context, "sequencer");
        Wiring made = new Wiring(
                context,
                context.getStateStore(POSITIONS),
                context.getStateStore(WAITING),
                context.getStateStore(Recognizer.SESSIONS),
                new DeadLetters(context, deadLetterSink, topic, limits, chunks.serializer(), metrics),
                metrics);
        wiring = made;
        lookedRoundMillis = context.currentSystemTimeMs();
        restore(made);
        context.schedule(LOOK_ROUND, PunctuationType.WALL_CLOCK_TIME, this::lookRound);
    }

    private Wiring wiring() {
        if (wiring == null) {
            throw new IllegalStateException("the sequencer has not been initialised");
        }
        return wiring;
    }

    @Override
    public void close() {
        if (wiring != null) {
            wiring.metrics().close();
        }
    }

    private void restore(Wiring made) {
        long now = made.context().currentSystemTimeMs();
        try (KeyValueIterator<String, Position> all = made.positions().all()) {
            while (all.hasNext()) {
                KeyValue<String, Position> next = all.next();
                Channel channel = open(ChannelKey.of(next.key), now, now);
                channel.last = next.value;
                if (channel.ended()) {
                    noLongerOpen(channel);
                }
            }
        }
        try (KeyValueIterator<String, HeldChunk> all = made.waiting().all()) {
            while (all.hasNext()) {
                KeyValue<String, HeldChunk> next = all.next();
                HeldChunk held = next.value;
                Channel channel = open(ChannelKey.of(next.key), now, now);
                channel.holds(held, 1);
                channel.waitingSinceMillis = now;
            }
        }
    }

    private Channel open(ChannelKey key, long arrivedMillis, long nowMillis) {
        return channels.computeIfAbsent(key, k -> {
            Channel channel = new Channel(k, limits, arrivedMillis, nowMillis);
            openCalls
                    .computeIfAbsent(key.callId(), call -> new LinkedHashSet<>())
                    .add(channel);
            return channel;
        });
    }

    private void openAgain(Channel channel) {
        ended.remove(channel);
        openCalls
                .computeIfAbsent(channel.key.callId(), call -> new LinkedHashSet<>())
                .add(channel);
    }

    private void noLongerOpen(Channel channel) {
        Set<Channel> ofCall = openCalls.get(channel.key.callId());
        if (ofCall != null && ofCall.remove(channel) && ofCall.isEmpty()) {
            openCalls.remove(channel.key.callId());
        }
        ended.add(channel);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        long offset = wiring().context().recordMetadata().orElseThrow().offset();
        nextOffset = offset + 1;
        readSinceLookedRound = true;
        if (record.value() == null) {
            return;
        }
        AudioChunk chunk;
        try {
            chunk = chunks.deserializer().deserialize(topic, record.value());
        } catch (SerializationException unreadable) {
            wiring().deadLetters()
                    .reject(
                            record,
                            null,
                            offset,
                            new Fault(Reason.UNREADABLE, String.valueOf(unreadable.getMessage())));
            return;
        }
        String key = record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
        trace = tracing.carried(record.headers());
        Optional<Fault> fault = rules.fault(key, chunk).or(() -> follow(chunk, record.timestamp(), offset));
        trace = null;
        if (fault.isPresent()) {
            wiring().deadLetters().reject(record, chunk, offset, fault.get());
        }
    }

    /** Takes a chunk that is as it should be to its place in the channel; or says why it has none. */
    private Optional<Fault> follow(AudioChunk chunk, long arrivedMillis, long offset) {
        long now = wiring().context().currentSystemTimeMs();
        ChannelKey key = new ChannelKey(chunk.getCallId(), chunk.getChannel());
        makeRoomFor(key);
        Channel channel = open(key, arrivedMillis, now);
        openCalls.get(channel.key.callId()); // the last that was heard of
        channel.lastSeenMillis = now;
        channel.lead.at(arrivedMillis, now);
        long ahead = chunk.getSequence() - channel.expected();
        if (ahead < 0) {
            return comeAgain(channel, chunk, channel.recent.lookUp(chunk));
        }
        if (channel.ended() && !channel.mayGoOn()) {
            return Optional.of(afterTheEnd(chunk));
        }
        if (tooFarAhead(channel, chunk)) {
            return Optional.of(farAhead(chunk, channel));
        }
        Optional<Fault> fault = Optional.empty();
        if (ahead == 0 || beginsByTheClock(channel, chunk)) {
            pass(channel, chunk, 0, offset);
            passWaiting(channel);
        } else {
            fault = hold(channel, chunk, offset);
        }
        if (!channel.ended() && channel.lead.get().compareTo(limits.longestLead()) > 0) {
            channel.key
                    .in(log.atWarn())
                    .log("{}: brought over {} more audio than time; it is ended", channel.key, limits.longestLead());
            evict(channel, End.LEAD);
        }
        return fault;
    }

    /** Ends the call that was heard of longest ago if another one does not fit in. */
    private void makeRoomFor(ChannelKey key) {
        if (openCalls.size() < limits.openCalls() || openCalls.containsKey(key.callId()) || channels.containsKey(key)) {
            return;
        }
        List<Channel> oldest = List.copyOf(openCalls.values().iterator().next());
        log.warn(
                "{}: {} calls are open; it makes room for another",
                oldest.get(0).key.callId(),
                openCalls.size());
        oldest.forEach(channel -> evict(channel, End.OPEN_CALLS));
    }

    private Optional<Fault> comeAgain(Channel channel, AudioChunk chunk, Known known) {
        String chunkOfCall =
                "Call " + chunk.getCallId() + ": chunk " + chunk.getSequence() + " of channel " + chunk.getChannel();
        return switch (known) {
            case SAME, UNKNOWN -> {
                channel.key.in(log.atDebug()).log("{}: chunk {} came again", channel.key, chunk.getSequence());
                wiring().metrics().count(Count.DUPLICATES);
                yield Optional.empty();
            }
            case OTHER ->
                Optional.of(new Fault(
                        Reason.CONFLICT,
                        chunkOfCall + " came before with other audio; a channel must have one producer."));
            case MISSING ->
                Optional.of(new Fault(Reason.LATE, chunkOfCall + " came when silence had been put in its place."));
        };
    }

    /** A channel that has not begun may begin anywhere, and one that had fallen silent may go on anywhere. */
    private boolean tooFarAhead(Channel channel, AudioChunk chunk) {
        return channel.last != null
                && !channel.mayGoOn()
                && chunk.getSequence() - channel.expected() > limits.longestGap();
    }

    /** Of a channel whose producer numbers by the clock, nothing before its first chunk is to come. */
    private boolean beginsByTheClock(Channel channel, AudioChunk chunk) {
        return channel.last == null && channel.waiting == 0 && ClockNumbers.isOneOf(chunk, limits.longestGap());
    }

    private static Fault afterTheEnd(AudioChunk chunk) {
        return new Fault(
                Reason.AFTER_END,
                "Call " + chunk.getCallId() + ": channel " + chunk.getChannel() + " had ended when chunk "
                        + chunk.getSequence() + " came.");
    }

    private Fault farAhead(AudioChunk chunk, Channel channel) {
        return new Fault(
                Reason.FAR_AHEAD,
                "Call " + chunk.getCallId() + ": sequence is " + chunk.getSequence() + " where " + channel.expected()
                        + " was expected; a gap of more than " + limits.longestGap() + " chunks is not filled.");
    }

    /** Keeps an early chunk until those before it have come, or have been given up. */
    private Optional<Fault> hold(Channel channel, AudioChunk chunk, long offset) {
        HeldChunk held = new HeldChunk(offset, chunk);
        HeldChunk before = wiring().waiting().putIfAbsent(channel.key.chunk(chunk.getSequence()), held);
        if (before != null) {
            boolean same = RecentChunks.checksum(before.chunk()) == RecentChunks.checksum(chunk);
            return comeAgain(channel, chunk, same ? Known.SAME : Known.OTHER);
        }
        if (channel.waiting == 0) {
            channel.waitingSinceMillis = wiring().context().currentSystemTimeMs();
        }
        channel.holds(held, 1);
        wiring().metrics().count(Count.REORDER_WAITS);
        while (channel.waiting > limits.reorderChunks() || channel.waitingBytes > limits.reorderBytes()) {
            giveUpMissing(channel);
        }
        return Optional.empty();
    }

    /** Goes on with the earliest chunk that waits. A channel that is first heard in mid-call starts there, without a gap. */
    private void giveUpMissing(Channel channel) {
        HeldChunk held = takeEarliest(channel);
        if (held == null) {
            return;
        }
        AudioChunk chunk = held.chunk();
        if (tooFarAhead(channel, chunk)) {
            wiring().deadLetters().reject(chunk, held.offset(), farAhead(chunk, channel));
            return;
        }
        int missing = channel.last == null
                ? 0
                : (int) Math.min(limits.longestGap(), chunk.getSequence() - channel.expected());
        if (missing > 0) {
            channel.key
                    .in(log.atInfo())
                    .log("{}: {} chunks before {} never came", channel.key, missing, chunk.getSequence());
            wiring().metrics().count(Count.GAPS);
            wiring().metrics().count(Count.MISSING_CHUNKS, missing);
        }
        pass(channel, chunk, missing, held.offset());
        passWaiting(channel);
    }

    private @Nullable HeldChunk takeEarliest(Channel channel) {
        KeyValueStore<String, HeldChunk> waiting = wiring().waiting();
        String first;
        try (KeyValueIterator<String, HeldChunk> all =
                waiting.range(channel.key.firstChunk(), channel.key.lastChunk())) {
            if (!all.hasNext()) {
                return null;
            }
            first = all.next().key;
        }
        HeldChunk held = waiting.delete(first);
        channel.holds(held, -1);
        return held;
    }

    private void passWaiting(Channel channel) {
        while (channel.waiting > 0 && !channel.ended()) {
            HeldChunk held = wiring().waiting().delete(channel.key.chunk(channel.expected()));
            if (held == null) {
                channel.waitingSinceMillis = wiring().context().currentSystemTimeMs();
                return;
            }
            channel.holds(held, -1);
            pass(channel, held.chunk(), 0, held.offset());
        }
    }

    private void pass(Channel channel, AudioChunk chunk, int missing, long offset) {
        if (channel.mayGoOn()) {
            channel.key.in(log.atInfo()).log("{}: goes on with chunk {}", channel.key, chunk.getSequence());
            openAgain(channel);
        }
        remember(channel, Position.of(chunk));
        wiring().metrics().count(Count.CHUNKS);
        channel.recent.add(chunk, missing);
        channel.lead.add(chunk, missing, limits.longestSilence());
        forward(channel, new OrderedChunk(chunk, missing, offset));
        if (channel.ended()) {
            ended(channel, End.STREAM);
        }
    }

    /** Sees to what an end leaves: chunks that waited for one that will not come. */
    private void ended(Channel channel, End how) {
        wiring().metrics().count(Count.ENDS, how.code());
        noLongerOpen(channel);
        while (channel.waiting > 0) {
            HeldChunk late = takeEarliest(channel);
            if (late == null) {
                break;
            }
            wiring().deadLetters().reject(late.chunk(), late.offset(), afterTheEnd(late.chunk()));
        }
        while (ended.size() > limits.endedChannels()) {
            forget(ended.iterator().next());
        }
    }

    private void forget(Channel channel) {
        wiring().positions().delete(channel.key.storeKey());
        if (channel.mayGoOn()) {
            wiring().sessions().delete(channel.key.storeKey());
        }
        channels.remove(channel.key);
        ended.remove(channel);
    }

    private void remember(Channel channel, Position position) {
        channel.last = position;
        wiring().positions().put(channel.key.storeKey(), position);
    }

    private void forward(Channel channel, OrderedChunk chunk) {
        long now = wiring().context().currentSystemTimeMs();
        wiring().context().forward(new Record<>(channel.key.callId(), chunk, now, trace), next);
    }

    /** Gives up what has been waited for long enough, ends channels that have fallen silent, forgets those that ended. */
    private void lookRound(long nowMillis) {
        long sinceMillis = nowMillis - lookedRoundMillis;
        lookedRoundMillis = nowMillis;
        if (sinceMillis - LOOK_ROUND.toMillis() > STALL.toMillis() || !upstream.answers()) {
            log.debug("For {} ms nothing could be heard of anybody; that is no channel's silence", sinceMillis);
            channels.values().forEach(channel -> channel.restartClock(nowMillis));
        }
        boolean queueIsEmpty = !readSinceLookedRound;
        readSinceLookedRound = false;
        boolean allRead =
                channels.values().stream().anyMatch(channel -> isOverdue(channel, nowMillis)) && allRead(queueIsEmpty);
        int open = 0;
        int waiting = 0;
        for (Channel channel : List.copyOf(channels.values())) {
            waiting += channel.waiting;
            open += channel.ended() ? 0 : 1;
            if (channel.ended() && channel.waiting == 0) {
                if (nowMillis - channel.lastSeenMillis > limits.endedMemory().toMillis()) {
                    forget(channel);
                }
            } else if (allRead && isOverdue(channel, nowMillis)) {
                if (channel.waiting > 0) {
                    giveUpMissing(channel);
                } else {
                    channel.key
                            .in(log.atInfo())
                            .log("{}: nothing came for {}; the channel is ended", channel.key, limits.channelTimeout());
                    end(channel, TIMEOUT, End.TIMEOUT);
                }
            }
        }
        wiring().metrics().set(Level.OPEN_CALLS, openCalls.size());
        wiring().metrics().set(Level.OPEN_CHANNELS, open);
        wiring().metrics().set(Level.WAITING_CHUNKS, waiting);
    }

    /** Whether something has been waited for long enough: a missing chunk, or any at all. */
    private boolean isOverdue(Channel channel, long nowMillis) {
        return channel.waiting > 0
                ? nowMillis - channel.waitingSinceMillis > limits.reorderWait().toMillis()
                : !channel.ended()
                        && nowMillis - channel.lastSeenMillis
                                > limits.channelTimeout().toMillis();
    }

    /**
     * Whether what was not heard was not sent either. In a backlog it may only not have been read yet: it is then on Kafka, or in the queue
     * that Kafka Streams keeps for this partition, from which it takes something each time round.
     */
    private boolean allRead(boolean queueIsEmpty) {
        TopicPartition partition =
                new TopicPartition(topic, wiring().context().taskId().partition());
        return upstream.isRead(partition, queueIsEmpty ? Long.MAX_VALUE : nextOffset);
    }

    /** Ends a channel to make room: what waits goes on first. */
    private void evict(Channel channel, End why) {
        while (channel.waiting > 0 && !channel.ended()) {
            giveUpMissing(channel);
        }
        if (!channel.ended()) {
            end(channel, EVICTED, why);
        }
    }

    /** Ends a channel as if an empty last chunk had come. What comes of a silent one all the same is taken for its continuation. */
    private void end(Channel channel, String by, End why) {
        Position last = channel.last;
        if (last == null) {
            // Nothing of it was of use, so there is nothing to end.
            channels.remove(channel.key);
            noLongerOpen(channel);
            ended.remove(channel);
            return;
        }
        remember(channel, last.end(by.equals(TIMEOUT)));
        forward(channel, new OrderedChunk(last.endingChunk(channel.key, by), 0, OrderedChunk.NOWHERE));
        ended(channel, why);
    }
}
