package io.kscribe.stream;

import io.kscribe.audio.SampleEncoding;
import io.kscribe.audio.StreamingResampler;
import io.kscribe.recognizer.StreamState;
import io.kscribe.schema.AudioChunk;
import io.kscribe.stream.Fault.Reason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Turns chunks into samples at 16 kHz and keeps the chunks until the recogniser lets them go.
 *
 * <p>After a restart it plays what was kept once more, so that the recogniser can take up each channel where its saved state is. The resampler
 * gives the same samples when it is started at a whole second, one second early; so that is what is kept and where it starts.
 */
final class Frontend implements Processor<String, OrderedChunk, String, ChannelAudio> {
    /** The chunks that are kept, by {@link ChannelKey#chunk}. */
    static final String AUDIO = "frontend-audio";

    /** The rate that the recogniser hears. */
    static final int RATE_HZ = 16_000;

    /** A channel that goes on after a silence does so at a multiple of this from its start: a whole number of the detector's frames. */
    private static final int RESUMPTION_SECONDS = 4;
    /** Larger samples would make infinities of energies. 16-bit numbers that somebody wrote as floats are still heard. */
    private static final int LARGEST_SAMPLE = 65_536;

    private static final Duration SOON = Duration.ofMillis(1);

    private final String topic;
    private final Serializer<AudioChunk> chunks;
    private final StreamLimits limits;
    private final String next;
    private final String deadLetterSink;
    private final Map<ChannelKey, Channel> channels = new HashMap<>();
    private @Nullable Wiring wiring;
    private boolean replayed;

    private record Wiring(
            ProcessorContext<String, ChannelAudio> context,
            KeyValueStore<String, KeptChunk> audio,
            KeyValueStore<String, byte[]> sessions,
            Cancellable replay,
            FlowMetrics metrics,
            DeadLetters deadLetters) {}

    /**
     * Makes a front end.
     *
     * @param topic where chunks come from
     * @param chunks how they are written there; closed by the caller
     * @param next the node that samples go to
     * @param deadLetterSink the node that rejected chunks go to, as bytes
     */
    Frontend(String topic, Serializer<AudioChunk> chunks, StreamLimits limits, String next, String deadLetterSink) {
        this.topic = topic;
        this.chunks = chunks;
        this.limits = limits;
        this.next = next;
        this.deadLetterSink = deadLetterSink;
    }

    /** A channel's place and its resampler, started at a whole second. */
    private static final class Channel {
        private final int rateHz;
        private final long firstSample;
        private final StreamingResampler resampler;
        private long position;
        private long outputPosition;
        private int lastSamples;

        private Channel(int rateHz, long from) {
            this.rateHz = rateHz;
            long second = (from + rateHz - 1) / rateHz;
            this.firstSample = second * rateHz;
            this.position = from;
            this.outputPosition = second * RATE_HZ;
            this.resampler = new StreamingResampler(rateHz, RATE_HZ);
        }

        /** The first whole second that lies after what was heard. */
        private long endSecond() {
            return (position + rateHz - 1) / rateHz;
        }

        /** The samples at 16 kHz of a chunk and of the silence before it, as far as they are final. */
        private float[] hear(KeptChunk kept, float[] payload) {
            int length = kept.silence() + payload.length;
            int skipped = (int) Math.min(length, Math.max(0, firstSample - kept.start()));
            List<float[]> samples = new ArrayList<>();
            // A second at a time: a long gap at a high rate is no reason to need much memory.
            for (int i = skipped; i < kept.silence(); i += rateHz) {
                samples.add(resampler.accept(new float[Math.min(rateHz, kept.silence() - i)]));
            }
            int unheard = Math.max(0, skipped - kept.silence());
            samples.add(resampler.accept(Arrays.copyOfRange(payload, unheard, payload.length)));
            if (kept.chunk().getEndOfStream()) {
                samples.add(resampler.finish());
            }
            position = kept.start() + length;
            lastSamples = payload.length == 0 ? lastSamples : payload.length;
            return joined(samples);
        }

        private static float[] joined(List<float[]> pieces) {
            float[] all =
                    new float[pieces.stream().mapToInt(piece -> piece.length).sum()];
            int length = 0;
            for (float[] piece : pieces) {
                System.arraycopy(piece, 0, all, length, piece.length);
                length += piece.length;
            }
            return all;
        }
    }

    @Override
    public void init(ProcessorContext<String, ChannelAudio> context) {
        KeyValueStore<String, KeptChunk> audio = context.getStateStore(AUDIO);
        // What is forwarded must find the recogniser initialised: not yet, but soon.
        Cancellable replay = context.schedule(SOON, PunctuationType.WALL_CLOCK_TIME, now -> replayOnce());
        FlowMetrics metrics = new FlowMetrics(context, "frontend");
        wiring = new Wiring(
                context,
                audio,
                context.getStateStore(Recognizer.SESSIONS),
                replay,
                metrics,
                new DeadLetters(context, deadLetterSink, topic, limits, chunks, metrics));
    }

    @Override
    public void close() {
        if (wiring != null) {
            wiring.metrics().close();
        }
    }

    private Wiring wiring() {
        if (wiring == null) {
            throw new IllegalStateException("the front end has not been initialised");
        }
        return wiring;
    }

    private void replayOnce() {
        wiring().replay().cancel();
        if (replayed) {
            return;
        }
        replayed = true;
        try (KeyValueIterator<String, KeptChunk> all = wiring().audio().all()) {
            while (all.hasNext()) {
                KeyValue<String, KeptChunk> next = all.next();
                KeptChunk kept = next.value.at(next.key);
                AudioChunk chunk = kept.chunk();
                ChannelKey key = new ChannelKey(chunk.getCallId(), chunk.getChannel());
                Channel channel = channels.computeIfAbsent(key, k -> new Channel(chunk.getSampleRate(), kept.start()));
                pass(key, channel, kept, encoding(chunk).decode(bytes(chunk)), null);
            }
        }
    }

    @Override
    public void process(Record<String, OrderedChunk> record) {
        replayOnce();
        OrderedChunk ordered = record.value();
        AudioChunk chunk = ordered.chunk();
        ChannelKey key = ordered.channel();
        Channel begun = channels.get(key);
        if (begun == null && saysNothing(chunk)) {
            return; // a channel's rate is that of its first audio
        }
        Channel channel = begun == null ? begin(key, chunk.getSampleRate()) : begun;
        channels.put(key, channel);
        float[] payload = new float[0];
        // The sequencer, which makes ends up, does not know the rate.
        AudioChunk heard = Sequencer.timedOut(chunk)
                ? AudioChunk.newBuilder(chunk).setSampleRate(channel.rateHz).build()
                : chunk;
        long rejected = 0;
        try {
            payload = decoded(channel, chunk);
        } catch (UnusableAudio unusable) {
            wiring().deadLetters().reject(chunk, ordered.offset(), unusable.fault(key));
            // Its time has passed all the same: the channel goes on with silence.
            rejected = samples(chunk) * channel.rateHz / chunk.getSampleRate();
            heard = AudioChunk.newBuilder(chunk)
                    .setSampleRate(channel.rateHz)
                    .setPayload(ByteBuffer.allocate(0))
                    .build();
        }
        // Chunks that never came are taken to have been as long as the last that did.
        long missing = (long) ordered.missing() * (channel.lastSamples > 0 ? channel.lastSamples : payload.length);
        long silence = Math.min(missing + rejected, limits.longestSilence().toSeconds() * channel.rateHz);
        if (silence == 0 && saysNothing(chunk)) {
            return; // it would be kept until something after it is said
        }
        KeptChunk kept = new KeptChunk(channel.position, (int) silence, heard);
        wiring().audio().put(key.kept(chunk), kept);
        pass(key, channel, kept, payload, record.headers());
    }

    /** A channel that is heard from for the first time, or again after it had been ended for its silence. */
    private Channel begin(ChannelKey key, int rateHz) {
        try (KeyValueIterator<String, KeptChunk> kept =
                wiring().audio().reverseRange(key.firstChunk(), key.lastChunk())) {
            if (kept.hasNext()) {
                // What was said before the silence is still being decoded.
                KeptChunk end = kept.next().value;
                Channel before = new Channel(end.chunk().getSampleRate(), end.start());
                return new Channel(rateHz, resumptionSecond(before.endSecond()) * rateHz);
            }
        }
        byte[] saved = wiring().sessions().get(key.storeKey());
        long from = saved == null ? 0 : StreamState.fromBytes(saved).position();
        return new Channel(rateHz, from / RATE_HZ * rateHz);
    }

    /** Where a channel goes on that had been ended for its silence, given the first whole second after what was heard of it. */
    static long resumptionSecond(long endSecond) {
        return (endSecond + RESUMPTION_SECONDS - 1) / RESUMPTION_SECONDS * RESUMPTION_SECONDS;
    }

    private static boolean saysNothing(AudioChunk chunk) {
        return chunk.getPayload().remaining() == 0 && !chunk.getEndOfStream();
    }

    private static long samples(AudioChunk chunk) {
        return chunk.getPayload().remaining() / encoding(chunk).bytesPerSample();
    }

    private static byte[] bytes(AudioChunk chunk) {
        byte[] bytes = new byte[chunk.getPayload().remaining()];
        chunk.getPayload().duplicate().get(bytes);
        return bytes;
    }

    private static SampleEncoding encoding(AudioChunk chunk) {
        return SampleEncoding.valueOf(chunk.getEncoding().name());
    }

    /** Says what is wrong with a chunk's audio. */
    private static final class UnusableAudio extends Exception {
        private static final long serialVersionUID = 1;

        private final Reason reason;

        private UnusableAudio(Reason reason, String sentence) {
            super(sentence);
            this.reason = reason;
        }

        private Fault fault(ChannelKey key) {
            return new Fault(reason, "Call " + key.callId() + ": " + getMessage());
        }
    }

    /** A chunk's samples at the channel's rate. */
    private static float[] decoded(Channel channel, AudioChunk chunk) throws UnusableAudio {
        byte[] bytes = bytes(chunk);
        if (bytes.length > 0 && chunk.getSampleRate() != channel.rateHz) {
            throw new UnusableAudio(
                    Reason.RATE_CHANGED,
                    "sampleRate changed from " + channel.rateHz + " to " + chunk.getSampleRate() + " Hz in mid-call.");
        }
        float[] samples;
        try {
            samples = encoding(chunk).decode(bytes);
        } catch (IllegalArgumentException noNumber) {
            throw new UnusableAudio(Reason.SAMPLES, String.valueOf(noNumber.getMessage()));
        }
        for (int i = 0; i < samples.length; i++) {
            if (Math.abs(samples[i]) > LARGEST_SAMPLE) {
                throw new UnusableAudio(
                        Reason.SAMPLES,
                        "Sample " + i + " is " + samples[i] + "; expected -" + LARGEST_SAMPLE + " to " + LARGEST_SAMPLE
                                + ", full scale is 1.");
            }
        }
        return samples;
    }

    private void pass(ChannelKey key, Channel channel, KeptChunk kept, float[] payload, @Nullable Headers trace) {
        float[] samples = channel.hear(kept, payload);
        long position = channel.outputPosition;
        channel.outputPosition += samples.length;
        if (kept.chunk().getEndOfStream()) {
            channels.remove(key);
        }
        ChannelAudio audio = new ChannelAudio(kept.chunk(), samples, position, kept.silence() > 0, channel.endSecond());
        long now = wiring().context().currentSystemTimeMs();
        wiring().context().forward(new Record<>(key.callId(), audio, now, trace), next);
    }
}
