package io.kscribe.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is spoken on a channel, and when: stretches of speech with pauses between them, at {@link SpeechBank#RATE_HZ}.
 *
 * @param samples how long the channel is
 * @param turns in the order of time, none of them overlapping another
 */
record ChannelScript(long samples, List<Turn> turns) {
    /** G.711 mu-law's zero. */
    private static final byte SILENCE = (byte) 0xFF;

    /** Longer than the silence that ends an island of speech, so that each turn is one. */
    static final Duration SHORTEST_PAUSE = Duration.ofMillis(700);

    /** How far a pause may be from the one that keeps the share of talk: half as long to one and a half times as long. */
    private static final double PAUSE_SPREAD = 0.5;

    /**
     * A stretch in its place.
     *
     * @param start its first sample's place in the channel
     * @param length how much of it is spoken: less than all if the channel ends before
     */
    record Turn(long start, int length, Stretch stretch) {
        long end() {
            return start + length;
        }
    }

    ChannelScript {
        turns = List.copyOf(turns);
        long free = 0;
        for (Turn turn : turns) {
            if (turn.start() < free || turn.end() > samples) {
                throw new IllegalArgumentException(
                        "a turn from " + turn.start() + " to " + turn.end() + " has no place in the channel");
            }
            free = turn.end();
        }
    }

    /**
     * Writes a script: stretches by chance, and after each a pause that brings the share of talk back to what is wanted.
     *
     * @param talk the share of time in which somebody speaks, above 0 and below 1; less comes of it where pauses would have to be
     *     shorter than {@link #SHORTEST_PAUSE}
     * @param seed the same gives the same
     */
    static ChannelScript write(SpeechBank speech, Duration length, double talk, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long samples = length.toMillis() * SpeechBank.RATE_HZ / 1000;
        long shortest = SHORTEST_PAUSE.toMillis() * SpeechBank.RATE_HZ / 1000;
        double silenceForSpeech = (1 - talk) / talk;
        List<Turn> turns = new ArrayList<>();
        Stretch next = any(speech, random);
        // Channels begin at different places of the cycle of pause and speech.
        long at = (long) (next.samples() * silenceForSpeech * random.nextDouble());
        long spoken = 0;
        while (at < samples) {
            int taken = (int) Math.min(next.samples(), samples - at);
            turns.add(new Turn(at, taken, next));
            at += taken;
            spoken += taken;
            next = any(speech, random);
            double owed = spoken * silenceForSpeech - (at - spoken);
            double spread = 1 - PAUSE_SPREAD + 2 * PAUSE_SPREAD * random.nextDouble();
            at += Math.max(shortest, (long) (owed * spread));
        }
        return new ChannelScript(samples, turns);
    }

    private static Stretch any(SpeechBank speech, SplittableRandom random) {
        return speech.stretches().get(random.nextInt(speech.stretches().size()));
    }

    /** The share of time in which somebody speaks. */
    double talk() {
        return samples == 0 ? 0 : (double) spoken() / samples;
    }

    /** Samples in which somebody speaks. */
    long spoken() {
        return turns.stream().mapToLong(Turn::length).sum();
    }

    /** Some of the samples, mu-law. */
    byte[] codes(long from, int count) {
        byte[] codes = new byte[count];
        Arrays.fill(codes, SILENCE);
        for (int i = firstEndingAfter(from); i < turns.size() && turns.get(i).start() < from + count; i++) {
            Turn turn = turns.get(i);
            long first = Math.max(from, turn.start());
            int n = (int) (Math.min(from + count, turn.end()) - first);
            System.arraycopy(turn.stretch().codes(), (int) (first - turn.start()), codes, (int) (first - from), n);
        }
        return codes;
    }

    /** The first turn that is not over at a sample, by bisection. */
    private int firstEndingAfter(long sample) {
        int low = 0;
        int high = turns.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (turns.get(middle).end() > sample) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
