package io.kscribe.faults;

import io.kscribe.audio.AudioFile;
import io.kscribe.audio.AudioFileException;
import io.kscribe.audio.SampleEncoding;
import io.kscribe.audio.StreamingResampler;
import io.kscribe.evaluation.Manifest;
import io.kscribe.evaluation.ManifestException;
import io.kscribe.evaluation.Utterance;
import io.kscribe.model.ConsoleProgress;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelException;
import io.kscribe.model.ModelStore;
import io.kscribe.model.Sample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Recordings of people who speak, as a telephone line has them, to cut pieces from. */
final class Speech {
    static final int RATE_HZ = 8000;

    /** Longer recordings are not read to their end. */
    private static final int LONGEST_SECONDS = 60;

    private final List<byte[]> recordings;

    private Speech(List<byte[]> recordings) {
        this.recordings = recordings;
    }

    /** The recordings that the manifests list, or the samples that come with the models. */
    static Speech load(List<Path> manifests) throws AudioFileException, ManifestException, ModelException {
        List<Path> files = new ArrayList<>();
        for (Path manifest : manifests) {
            for (Utterance utterance : Manifest.read(manifest).utterances()) {
                files.addAll(utterance.audio());
            }
        }
        if (files.isEmpty()) {
            ModelStore store = new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError());
            for (Sample sample : Sample.values()) {
                files.add(store.sample(sample));
            }
        }
        List<byte[]> recordings = new ArrayList<>();
        for (Path file : files) {
            recordings.add(read(file));
        }
        return new Speech(recordings);
    }

    private static byte[] read(Path file) throws AudioFileException {
        try (AudioFile recording = AudioFile.open(file)) {
            float[] samples = recording.read(LONGEST_SECONDS * recording.sampleRateHz())[0];
            StreamingResampler resampler = new StreamingResampler(recording.sampleRateHz(), RATE_HZ);
            float[] first = resampler.accept(samples);
            float[] rest = resampler.finish();
            float[] all = Arrays.copyOf(first, first.length + rest.length);
            System.arraycopy(rest, 0, all, first.length, rest.length);
            return SampleEncoding.MULAW.encode(all, 0, all.length);
        }
    }

    /** A piece of one of the recordings, mu-law, of about so long, or shorter if the recording is. */
    byte[] cut(Random random, int millis) {
        byte[] recording = recordings.get(random.nextInt(recordings.size()));
        int length = Math.min(recording.length, millis * (RATE_HZ / 1000));
        int from = random.nextInt(recording.length - length + 1);
        return Arrays.copyOfRange(recording, from, from + length);
    }
}
