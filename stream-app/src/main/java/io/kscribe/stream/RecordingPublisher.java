package io.kscribe.stream;

import io.kscribe.audio.AudioFile;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.stream.SteadyClock.Sleeper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes recordings onto the audio topic as if they were calls: all channels side by side in time, sequences from 0,
 * {@code endOfStream} on each channel's last chunk.
 *
 * <p>At {@link Rate#REALTIME} a chunk is sent when its last sample would have been captured, and says so in {@code capturedAt}; a
 * delay on the way does not push back what follows, as it would not on a telephone line. One thread publishes; {@link #stop} is
 * for any.
 */
public final class RecordingPublisher implements AutoCloseable {

    /** How fast a recording is published. */
    public enum Rate {
        /** As fast as it was spoken. */
        REALTIME(Duration.ZERO),
        /** As fast as Kafka takes it; every chunk is captured when it is sent. */
        MAX(Duration.ofMillis(5));

        private final Duration linger;

        Rate(Duration linger) {
            this.linger = linger;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What was published.
     *
     * @param callId of the call
     * @param channels of the call
     * @param chunks of all channels together
     * @param audio how long the call is
     */
    public record Published(String callId, int channels, long chunks, Duration audio) {}

    private final Producer<String, AudioChunk> producer;
    private final KafkaConnection connection;
    private final String topic;
    private final Rate rate;
    private final InstantSource clock;
    private final Sleeper sleeper;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean stopped;

    RecordingPublisher(
            Producer<String, AudioChunk> producer,
            KafkaConnection connection,
            String topic,
            Rate rate,
            InstantSource clock,
            Sleeper sleeper) {
        this.producer = producer;
        this.connection = connection;
        this.topic = topic;
        this.rate = rate;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /**
     * Connects.
     *
     * @throws KafkaFailure if Kafka does not answer, refuses, or lacks the topic
     */
    public static RecordingPublisher open(KafkaConnection connection, String topic, Rate rate)
            throws InterruptedException {
        try (TopicAdmin admin = new TopicAdmin(connection)) {
            admin.require(topic);
        }
        return new RecordingPublisher(
                connection.producer(connection.wireFormat().chunkSerializer(), rate.linger),
                connection,
                topic,
                rate,
                new SteadyClock(),
                Sleeper.system());
    }

    /**
     * Publishes a recording, to its end or to {@link #stop}, and waits until Kafka has all of it.
     *
     * @throws IOException if the recording cannot be read; what came before it is published
     * @throws KafkaFailure if Kafka does not take a chunk in time
     */
    public Published publish(AudioFile recording, CallOptions call) throws IOException, InterruptedException {
        try {
            Published published = new Run(recording, call).publish();
            producer.flush();
            failFast();
            return published;
        } catch (InterruptException interrupted) {
            Thread.interrupted();
            InterruptedException plain = new InterruptedException();
            plain.initCause(interrupted);
            throw plain;
        } catch (KafkaException failed) {
            throw KafkaFailure.of(failed, connection);
        }
    }

    /** Ends the call that is being published with its next chunk. May be called by any thread. */
    public void stop() {
        stopped = true;
    }

    @Override
    public void close() {
        producer.close(connection.timeout());
    }

    private void failFast() {
        Exception failed = failure.get();
        if (failed != null) {
            throw KafkaFailure.of(failed, connection);
        }
    }

    /** The publishing of one recording. */
    private final class Run {

        private final AudioFile recording;
        private final CallOptions call;
        private final List<ChannelCutter> channels = new ArrayList<>();
        private final int publishedRateHz;
        private final int chunkSamples;
        private final int readFrames;
        private final Instant started = clock.instant();
        private long sequence;
        private long publishedSamples;

        Run(AudioFile recording, CallOptions call) {
            this.recording = recording;
            this.call = call;
            this.publishedRateHz = call.publishedRateHz(recording.sampleRateHz());
            this.chunkSamples = samples(publishedRateHz, call.chunk());
            this.readFrames = samples(recording.sampleRateHz(), call.chunk());
            for (int channel = 0; channel < recording.channels(); channel++) {
                channels.add(new ChannelCutter(recording.sampleRateHz(), publishedRateHz));
            }
        }

        Published publish() throws IOException, InterruptedException {
            // What is left when the recording ends is the last chunk, so a chunk is cut only when something follows it.
            while (readOn()) {
                sendWholeChunks();
            }
            channels.forEach(ChannelCutter::finish);
            sendWholeChunks();
            send(channels.get(0).available(), true);
            return new Published(
                    call.callId(), channels.size(), sequence * channels.size(), duration(publishedSamples));
        }

        private boolean readOn() throws IOException {
            float[][] read = stopped ? new float[1][0] : recording.read(readFrames);
            if (read[0].length == 0) {
                return false;
            }
            for (int channel = 0; channel < read.length; channel++) {
                channels.get(channel).add(read[channel]);
            }
            return true;
        }

        private void sendWholeChunks() throws InterruptedException {
            while (channels.get(0).available() > chunkSamples) {
                send(chunkSamples, false);
            }
        }

        /** Sends one chunk of each channel. */
        @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of a failure
        private void send(int samples, boolean endOfStream) throws InterruptedException {
            publishedSamples += samples;
            Instant capturedAt = awaitCapture(duration(publishedSamples));
            for (int channel = 0; channel < channels.size(); channel++) {
                byte[] payload = call.encoding().encode(channels.get(channel).take(samples), 0, samples);
                AudioChunk chunk = AudioChunk.newBuilder()
                        .setCallId(call.callId())
                        .setChannel(channel)
                        .setRole(call.role(channel, channels.size()))
                        .setSequence(sequence)
                        .setCapturedAt(capturedAt)
                        .setEncoding(AudioEncoding.valueOf(call.encoding().name()))
                        .setSampleRate(publishedRateHz)
                        .setPayload(ByteBuffer.wrap(payload))
                        .setEndOfStream(endOfStream)
                        .setLanguage(call.language())
                        .setAttributes(call.attributes())
                        .build();
                failFast();
                producer.send(
                        new ProducerRecord<>(topic, null, capturedAt.toEpochMilli(), call.callId(), chunk),
                        (metadata, failed) -> {
                            if (failed != null) {
                                failure.compareAndSet(null, failed);
                            }
                        });
            }
            sequence++;
        }

        /** Waits until the audio up to this offset has been captured, and says when that was. */
        private Instant awaitCapture(Duration offset) throws InterruptedException {
            if (rate == Rate.MAX) {
                return clock.instant();
            }
            Instant due = started.plus(offset);
            Duration wait = Duration.between(clock.instant(), due);
            if (!wait.isNegative() && !wait.isZero()) {
                sleeper.sleep(wait);
            }
            return due;
        }

        private Duration duration(long samples) {
            return Duration.ofNanos(samples * 1_000_000_000L / publishedRateHz);
        }
    }

    private static int samples(int rateHz, Duration time) {
        return (int) (rateHz * time.toMillis() / 1000);
    }
}
