package io.kscribe.recognizer;

/** The last samples of a channel, as many as a limit: where an island's pre-roll comes from. Never holds more, never moves them. */
final class RecentAudio {
    private final float[] ring;
    private int next;
    private int size;

    /** Holds up to {@code limit} samples. */
    RecentAudio(int limit) {
        ring = new float[limit];
    }

    /** Adds samples; the oldest give way. */
    void add(float[] samples, int from, int to) {
        for (int i = Math.max(from, to - ring.length); i < to; i++) {
            ring[next] = samples[i];
            next = next + 1 == ring.length ? 0 : next + 1;
        }
        size = Math.min(ring.length, size + to - from);
    }

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    /** What it holds, oldest first. */
    float[] samples() {
        float[] samples = new float[size];
        int oldest = Math.floorMod(next - size, Math.max(1, ring.length));
        int untilEnd = Math.min(size, ring.length - oldest);
        System.arraycopy(ring, oldest, samples, 0, untilEnd);
        System.arraycopy(ring, 0, samples, untilEnd, size - untilEnd);
        return samples;
    }
}
