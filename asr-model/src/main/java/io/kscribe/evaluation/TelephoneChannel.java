package io.kscribe.evaluation;

import io.kscribe.audio.SampleEncoding;
import io.kscribe.audio.StreamingResampler;
import java.util.Arrays;

/** Makes audio sound as over a digital telephone line: 8 kHz, ITU-T G.711 mu-law. */
public final class TelephoneChannel {
    private static final int TELEPHONE_RATE_HZ = 8_000;

    private TelephoneChannel() {}

    /**
     * Passes audio through the channel.
     *
     * @param samples full scale at -1 and 1
     * @param rateHz their rate, kept
     * @return as many samples
     */
    public static float[] pass(float[] samples, int rateHz) {
        float[] narrow = resampled(samples, rateHz, TELEPHONE_RATE_HZ);
        byte[] codes = SampleEncoding.MULAW.encode(narrow, 0, narrow.length);
        float[] wide = resampled(SampleEncoding.MULAW.decode(codes), TELEPHONE_RATE_HZ, rateHz);
        return Arrays.copyOf(wide, samples.length);
    }

    private static float[] resampled(float[] samples, int fromHz, int toHz) {
        StreamingResampler resampler = new StreamingResampler(fromHz, toHz);
        float[] most = resampler.accept(samples);
        float[] rest = resampler.finish();
        float[] all = Arrays.copyOf(most, most.length + rest.length);
        System.arraycopy(rest, 0, all, most.length, rest.length);
        return all;
    }
}
