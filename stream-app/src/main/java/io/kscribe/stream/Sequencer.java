package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
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
 * Puts a channel's chunks in order: repeated ones go, early ones wait for those before them, missing ones are noted, and what makes
 * no sense is rejected. A channel that falls silent is ended, until it is heard of again.
 *
 * <p>What waits is in a store, so that a crash does not lose it.
 */
final class Sequencer implements Processor<String, AudioChunk, String, OrderedChunk> {
    static final String POSITIONS = "sequencer-positions";
    static final String WAITING = "sequencer-waiting";

    /** The attribute of the chunk that ends a silent channel, and of the last chunk of such a channel as it is remembered. */
    static final String TIMED_OUT = "kscribe.timeout";

    private static final Duration LOOK_ROUND = Duration.ofMillis(100);
    /** The thread was held up, or the machine slept, if nobody looked round for this long: what was sent meanwhile is still to come. */
    private static final Duration STALL = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(Sequencer.class);

    private final StreamLimits limits;
    private final ChunkRules rules;
    private final String topic;
    private final String next;
    private final String deadLetterSink;
    private final BooleanSupplier kafkaAnswers;
    private final Map<ChannelKey, Channel> channels = new HashMap<>();
    private @Nullable Wiring wiring;
    private long lookedRoundMillis;

    private record Wiring(
            ProcessorContext<String, OrderedChunk> context,
            KeyValueStore<String, AudioChunk> positions,
            KeyValueStore<String, HeldChunk> waiting,
            KeyValueStore<String, byte[]> sessions,
            DeadLetters deadLetters) {}

    /** What is known of a channel. */
    private static final class Channel {
        private final ChannelKey key;

        /** The last chunk that was passed on, without its payload: what the store has; null before the first. */
        private @Nullable AudioChunk last;

        private long lastSeenMillis;
        private int waiting;
        private long waitingSinceMillis;

        private Channel(ChannelKey key, long nowMillis) {
            this.key = key;
            this.lastSeenMillis = nowMillis;
        }

        /** The sequence number that comes next; 0 before the first chunk. */
        private long expected() {
            return last == null ? 0 : last.getSequence() + 1;
        }

        private boolean ended() {
            return last != null && last.getEndOfStream();
        }

        /** Whether it was ended for its silence, and may go on. */
        private boolean timedOut() {
            return last != null && Sequencer.timedOut(last);
        }

        /** Gives it all its time again: what it sent while nobody could hear it is still to come. */
        private void restartClock(long nowMillis) {
            lastSeenMillis = nowMillis;
            waitingSinceMillis = nowMillis;
        }
    }

    /**
     * Makes a sequencer.
     *
     * @param topic where chunks come from
     * @param next the node that ordered chunks go to
     * @param deadLetterSink the node that rejected chunks go to
     * @param kafkaAnswers whether Kafka can be reached; while it cannot, nobody's silence means anything
     */
    Sequencer(String topic, StreamLimits limits, String next, String deadLetterSink, BooleanSupplier kafkaAnswers) {
        this.topic = topic;
        this.limits = limits;
        this.rules = new ChunkRules(limits);
        this.next = next;
        this.deadLetterSink = deadLetterSink;
        this.kafkaAnswers = kafkaAnswers;
    }

    @Override
    public void init(ProcessorContext<String, OrderedChunk> context) {
        Wiring made = new Wiring(
                context,
                context.getStateStore(POSITIONS),
                context.getStateStore(WAITING),
                context.getStateStore(Recognizer.SESSIONS),
                new DeadLetters(context, deadLetterSink, topic, rules));
        wiring = made;
        lookedRoundMillis = context.currentSystemTimeMs();
        restore(made);
        context.schedule(LOOK_ROUND, PunctuationType.WALL_CLOCK_TIME, this::lookRound);
    }

    /** Whether a chunk is the sequencer's own, which ends a channel that has fallen silent. */
    static boolean timedOut(AudioChunk chunk) {
        return chunk.getEndOfStream() && chunk.getAttributes().containsKey(TIMED_OUT);
    }

    private Wiring wiring() {
        if (wiring == null) {
            throw new IllegalStateException("the sequencer has not been initialised");
        }
        return wiring;
    }

    private void restore(Wiring made) {
        long now = made.context().currentSystemTimeMs();
        try (KeyValueIterator<String, AudioChunk> all = made.positions().all()) {
            while (all.hasNext()) {
                AudioChunk last = all.next().value;
                channel(last, now).last = last;
            }
        }
        try (KeyValueIterator<String, HeldChunk> all = made.waiting().all()) {
            while (all.hasNext()) {
                Channel channel = channel(all.next().value.chunk(), now);
                channel.waiting++;
                channel.waitingSinceMillis = now;
            }
        }
    }

    private Channel channel(AudioChunk chunk, long nowMillis) {
        ChannelKey key = new ChannelKey(chunk.getCallId(), chunk.getChannel());
        return channels.computeIfAbsent(key, k -> new Channel(k, nowMillis));
    }

    @Override
    public void process(Record<String, AudioChunk> record) {
        AudioChunk chunk = record.value();
        if (chunk == null) {
            return;
        }
        long offset = wiring().context().recordMetadata().orElseThrow().offset();
        Optional<String> fault = rules.fault(record.key(), chunk);
        if (fault.isPresent()) {
            wiring().deadLetters().reject(record, offset, fault.get());
            return;
        }
        long now = wiring().context().currentSystemTimeMs();
        Channel channel = channel(chunk, now);
        channel.lastSeenMillis = now;
        long ahead = chunk.getSequence() - channel.expected();
        if (ahead < 0) {
            log.debug("{}: chunk {} came again", channel.key, chunk.getSequence());
        } else if (channel.ended() && !channel.timedOut()) {
            wiring().deadLetters().reject(record, offset, afterTheEnd(chunk));
        } else if (ahead == 0) {
            pass(channel, chunk, 0, offset);
            passWaiting(channel);
        } else if (tooFarAhead(channel, chunk)) {
            wiring().deadLetters().reject(record, offset, farAhead(chunk, channel));
        } else {
            hold(channel, chunk, offset);
        }
    }

    /** A channel that has not begun may begin anywhere, and one that had fallen silent may go on anywhere. */
    private boolean tooFarAhead(Channel channel, AudioChunk chunk) {
        return channel.last != null
                && !channel.timedOut()
                && chunk.getSequence() - channel.expected() > limits.longestGap();
    }

    private static String afterTheEnd(AudioChunk chunk) {
        return "Call " + chunk.getCallId() + ": channel " + chunk.getChannel() + " had ended when chunk "
                + chunk.getSequence() + " came.";
    }

    private String farAhead(AudioChunk chunk, Channel channel) {
        return "Call " + chunk.getCallId() + ": sequence is " + chunk.getSequence() + " where " + channel.expected()
                + " was expected; a gap of more than " + limits.longestGap() + " chunks is not filled.";
    }

    /** Keeps an early chunk until those before it have come, or have been given up. */
    private void hold(Channel channel, AudioChunk chunk, long offset) {
        HeldChunk held = new HeldChunk(offset, chunk);
        if (wiring().waiting().putIfAbsent(channel.key.chunk(chunk.getSequence()), held) != null) {
            return;
        }
        if (channel.waiting++ == 0) {
            channel.waitingSinceMillis = wiring().context().currentSystemTimeMs();
        }
        if (channel.waiting > limits.reorderChunks()) {
            giveUpMissing(channel);
        }
    }

    /** Goes on with the earliest chunk that waits. A channel that is first heard in mid-call starts there, without a gap. */
    private void giveUpMissing(Channel channel) {
        HeldChunk held = takeEarliest(channel);
        if (held == null) {
            return;
        }
        AudioChunk chunk = held.chunk();
        if (tooFarAhead(channel, chunk)) {
            rejectHeld(held, farAhead(chunk, channel));
            return;
        }
        int missing = channel.last == null
                ? 0
                : (int) Math.min(limits.longestGap(), chunk.getSequence() - channel.expected());
        log.info("{}: {} chunks before {} never came", channel.key, missing, chunk.getSequence());
        pass(channel, chunk, missing, held.offset());
        passWaiting(channel);
    }

    private void rejectHeld(HeldChunk held, String reason) {
        long now = wiring().context().currentSystemTimeMs();
        wiring().deadLetters().reject(new Record<>(held.chunk().getCallId(), held.chunk(), now), held.offset(), reason);
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
        channel.waiting--;
        return waiting.delete(first);
    }

    private void passWaiting(Channel channel) {
        while (channel.waiting > 0 && !channel.ended()) {
            HeldChunk held = wiring().waiting().delete(channel.key.chunk(channel.expected()));
            if (held == null) {
                channel.waitingSinceMillis = wiring().context().currentSystemTimeMs();
                return;
            }
            channel.waiting--;
            pass(channel, held.chunk(), 0, held.offset());
        }
    }

    private void pass(Channel channel, AudioChunk chunk, int missing, long offset) {
        remember(channel, chunk, chunk.getEndOfStream(), Map.of());
        forward(channel, new OrderedChunk(chunk, missing, offset));
        while (channel.ended() && channel.waiting > 0) {
            HeldChunk late = takeEarliest(channel);
            if (late != null) {
                rejectHeld(late, afterTheEnd(late.chunk()));
            }
        }
    }

    private void remember(Channel channel, AudioChunk chunk, boolean ended, Map<String, String> attributes) {
        AudioChunk last = AudioChunk.newBuilder(chunk)
                .setPayload(ByteBuffer.allocate(0))
                .setAttributes(attributes)
                .setEndOfStream(ended)
                .build();
        channel.last = last;
        wiring().positions().put(channel.key.storeKey(), last);
    }

    private void forward(Channel channel, OrderedChunk chunk) {
        long now = wiring().context().currentSystemTimeMs();
        wiring().context().forward(new Record<>(channel.key.callId(), chunk, now), next);
    }

    /** Gives up what has been waited for long enough, ends channels that have fallen silent, forgets those that ended. */
    private void lookRound(long nowMillis) {
        long sinceMillis = nowMillis - lookedRoundMillis;
        lookedRoundMillis = nowMillis;
        if (sinceMillis - LOOK_ROUND.toMillis() > STALL.toMillis() || !kafkaAnswers.getAsBoolean()) {
            log.debug("For {} ms nothing could be heard of anybody; that is no channel's silence", sinceMillis);
            channels.values().forEach(channel -> channel.restartClock(nowMillis));
        }
        for (Iterator<Channel> all = channels.values().iterator(); all.hasNext(); ) {
            Channel channel = all.next();
            Duration silence = Duration.ofMillis(nowMillis - channel.lastSeenMillis);
            Duration waited = Duration.ofMillis(nowMillis - channel.waitingSinceMillis);
            if (channel.waiting > 0) {
                if (waited.compareTo(limits.reorderWait()) > 0) {
                    giveUpMissing(channel);
                }
            } else if (channel.ended()) {
                if (silence.compareTo(limits.endedMemory()) > 0) {
                    forget(channel);
                    all.remove();
                }
            } else if (silence.compareTo(limits.channelTimeout()) > 0) {
                timeOut(channel);
            }
        }
    }

    private void forget(Channel channel) {
        wiring().positions().delete(channel.key.storeKey());
        if (channel.timedOut()) {
            wiring().sessions().delete(channel.key.storeKey());
        }
    }

    /** Ends a channel as if an empty last chunk had come. Chunks that come all the same are taken for its continuation. */
    private void timeOut(Channel channel) {
        AudioChunk last = channel.last;
        if (last == null) {
            return;
        }
        log.info("{}: nothing came for {}; the channel is ended", channel.key, limits.channelTimeout());
        Map<String, String> mark = Map.of(TIMED_OUT, "true");
        remember(channel, last, true, mark);
        AudioChunk end = AudioChunk.newBuilder(last)
                .setEndOfStream(true)
                .setAttributes(mark)
                .build();
        forward(channel, new OrderedChunk(end, 0, OrderedChunk.NOWHERE));
    }
}
