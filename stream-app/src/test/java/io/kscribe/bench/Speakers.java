package io.kscribe.bench;

import java.util.Arrays;
import java.util.List;

/** Speech that is none: stretches whose every sample says which stretch it is of. */
final class Speakers {
    private Speakers() {}

    /** A stretch of each length in milliseconds; the first of 1s, the second of 2s, and so on. */
    static SpeechBank bank(int... millis) {
        Stretch[] stretches = new Stretch[millis.length];
        for (int i = 0; i < millis.length; i++) {
            byte[] codes = new byte[millis[i] * SpeechBank.RATE_HZ / 1000];
            Arrays.fill(codes, (byte) (i + 1));
            stretches[i] = new Stretch(codes);
        }
        return new SpeechBank(List.of(stretches));
    }
}
