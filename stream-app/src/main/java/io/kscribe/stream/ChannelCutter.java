package io.kscribe.stream;

import io.kscribe.audio.StreamingResampler;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One channel on its way from a recording to chunks: brought to the rate at which it is published, then cut. */
final class ChannelCutter {

    private final @Nullable StreamingResampler resampler;
    private float[] pending = new float[0];

    ChannelCutter(int recordedRateHz, int publishedRateHz) {
        this.resampler =
                recordedRateHz == publishedRateHz ? null : new StreamingResampler(recordedRateHz, publishedRateHz);
    }

    /** Takes the recording's next samples. */
    void add(float[] samples) {
        append(resampler == null ? samples : resampler.accept(samples));
    }

    /** Says that there are no more. */
    void finish() {
        if (resampler != null) {
            append(resampler.finish());
        }
    }

    /** Samples that are ready to be cut, at the published rate. */
    int available() {
        return pending.length;
    }

    /** Removes the next samples. */
    float[] take(int samples) {
        float[] taken = Arrays.copyOf(pending, samples);
        pending = Arrays.copyOfRange(pending, samples, pending.length);
        return taken;
    }

    private void append(float[] samples) {
        int before = pending.length;
        pending = Arrays.copyOf(pending, before + samples.length);
        System.arraycopy(samples, 0, pending, before, samples.length);
    }
}
