package io.kscribe.gateway;

import io.kscribe.audio.AudioFile;
import io.kscribe.audio.SampleEncoding;
import io.kscribe.audio.StreamingResampler;
import io.kscribe.model.ConsoleProgress;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelException;
import io.kscribe.model.ModelStore;
import io.kscribe.model.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What two people say, as platforms send it: Kennedy is the customer, Apollo 13 the agent. */
final class CallAudio {

    private CallAudio() {}

    static byte[] kennedy(SampleEncoding encoding, int rateHz) throws IOException {
        return encoded(Sample.KENNEDY, encoding, rateHz, 11);
    }

    static byte[] apollo(SampleEncoding encoding, int rateHz) throws IOException {
        return encoded(Sample.APOLLO_13, encoding, rateHz, 11);
    }

    private static byte[] encoded(Sample sample, SampleEncoding encoding, int rateHz, int seconds) throws IOException {
        float[] samples = new float[rateHz * seconds];
        try (AudioFile file = AudioFile.open(file(sample))) {
            StreamingResampler resampler = new StreamingResampler(file.sampleRateHz(), rateHz);
            float[][] read = file.read(file.sampleRateHz() * seconds);
            float[] begin = resampler.accept(read[0]);
            float[] end = resampler.finish();
            System.arraycopy(begin, 0, samples, 0, Math.min(samples.length, begin.length));
            int rest = Math.max(0, Math.min(samples.length - begin.length, end.length));
            System.arraycopy(end, 0, samples, samples.length - rest, rest);
        }
        return encoding.encode(samples, 0, samples.length);
    }

    /** Two channels, a sample of each in turns. */
    static byte[] interleaved(byte[] first, byte[] second, int sampleBytes) {
        ByteArrayOutputStream both = new ByteArrayOutputStream(2 * first.length);
        for (int sample = 0; sample < first.length; sample += sampleBytes) {
            both.write(first, sample, sampleBytes);
            both.write(second, sample, sampleBytes);
        }
        return both.toByteArray();
    }

    /** Cut into messages. */
    static List<byte[]> pieces(byte[] audio, int bytes) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < audio.length; from += bytes) {
            pieces.add(Arrays.copyOfRange(audio, from, Math.min(audio.length, from + bytes)));
        }
        return pieces;
    }

    private static Path file(Sample sample) throws IOException {
        try {
            return new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError()).sample(sample);
        } catch (ModelException unavailable) {
            throw new IOException(unavailable);
        }
    }
}
