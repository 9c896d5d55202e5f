package io.kscribe.engine;

import io.kscribe.audio.LogMelSpectrogram;

/**
 * The audio of one decoding: a snapshot of a window's log-mel spectrogram, at most 30 s.
 *
 * @param mel {@code [melBins, frames]}, normalised
 * @param melBins bins a frame
 * @param frames frames kept: the audio's, and as much padding as the encoder looks at
 * @param samples length of the audio in samples at 16 kHz
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bulk numbers, never compared
public record SpeechWindow(float[] mel, int melBins, int frames, int samples) {
    public SpeechWindow {
        if (samples <= 0 || samples > LogMelSpectrogram.WINDOW_SAMPLES) {
            throw new IllegalArgumentException(
                    "a window holds 1 to " + LogMelSpectrogram.WINDOW_SAMPLES + " samples, not " + samples);
        }
        int expected = ContextLayout.framesFor(samples);
        if (frames != expected) {
            throw new IllegalArgumentException(
                    "a window of " + samples + " samples has " + expected + " frames, not " + frames);
        }
        if (mel.length != melBins * frames) {
            throw new IllegalArgumentException("a mel of " + melBins + " bins and " + frames + " frames has "
                    + melBins * frames + " values, not " + mel.length);
        }
    }

    /** What a spectrogram has heard so far; it may go on listening. */
    public static SpeechWindow of(LogMelSpectrogram spectrogram) {
        int frames = ContextLayout.framesFor(spectrogram.samples());
        return new SpeechWindow(spectrogram.window(frames), spectrogram.melBins(), frames, spectrogram.samples());
    }

    /** A whole piece of audio at 16 kHz. */
    public static SpeechWindow of(float[] samples, int melBins) {
        LogMelSpectrogram spectrogram = new LogMelSpectrogram(melBins);
        spectrogram.accept(samples, 0, samples.length);
        return of(spectrogram);
    }
}
