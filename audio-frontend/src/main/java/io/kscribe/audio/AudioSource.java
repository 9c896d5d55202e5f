package io.kscribe.audio;

import java.io.Closeable;
import java.io.IOException;
import java.util.OptionalLong;

/** A recording that is being decoded, in blocks of whatever size its format finds natural. */
interface AudioSource extends Closeable {
    int sampleRateHz();

    int channels();

    /** How many frames (samples of one channel) there are in all, if the header says so. */
    OptionalLong frames();

    /**
     * The next block, {@code [channels][frames]}; no frames only at the end.
     *
     * @throws AudioFileException if the recording is damaged or ends too early
     */
    float[][] next() throws IOException;
}
