package io.kscribe.stream;

import io.kscribe.audio.SampleEncoding;
import io.kscribe.schema.AudioChunk;
import java.time.Duration;

/**
 * How much more audio than time a channel has brought. A live channel brings none; a backlog and a recording that is published at full speed
 * do; one that goes on so for hours is a flood. Time is what has passed on Kafka, by the records' time stamps, or at the service, whichever
 * is more: a backlog is read faster than it was written. It is not part of the state: after a restart, the count begins again.
 */
final class Lead {
    private final long firstArrivedMillis;
    private final long firstSeenMillis;
    private double audioMillis;
    private long elapsedMillis;

    /**
     * None yet.
     *
     * @param arrivedMillis the time stamp of the channel's first record
     * @param nowMillis the time of the service
     */
    Lead(long arrivedMillis, long nowMillis) {
        this.firstArrivedMillis = arrivedMillis;
        this.firstSeenMillis = nowMillis;
    }

    /**
     * Counts a chunk.
     *
     * @param missing chunks before it that never came: silence as long as this one stands for each
     * @param longestSilence most silence that is put in
     */
    void add(AudioChunk chunk, int missing, Duration longestSilence) {
        SampleEncoding encoding = SampleEncoding.valueOf(chunk.getEncoding().name());
        double millis = 1000.0 * chunk.getPayload().remaining() / encoding.bytesPerSample() / chunk.getSampleRate();
        audioMillis += millis + Math.min(missing * millis, (double) longestSilence.toMillis());
    }

    /** Takes note of the time at which a chunk came. */
    void at(long arrivedMillis, long nowMillis) {
        elapsedMillis =
                Math.max(elapsedMillis, Math.max(arrivedMillis - firstArrivedMillis, nowMillis - firstSeenMillis));
    }

    Duration get() {
        return Duration.ofMillis((long) audioMillis - elapsedMillis);
    }
}
