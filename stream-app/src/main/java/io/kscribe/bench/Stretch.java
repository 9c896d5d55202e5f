package io.kscribe.bench;

/**
 * A stretch of real speech, between two pauses of a recording.
 *
 * @param codes its samples at {@link SpeechBank#RATE_HZ}, ITU-T G.711 mu-law; one or more
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bulk numbers, never compared
record Stretch(byte[] codes) {
    Stretch {
        if (codes.length == 0) {
            throw new IllegalArgumentException("a stretch of speech has no samples");
        }
    }

    int samples() {
        return codes.length;
    }
}
