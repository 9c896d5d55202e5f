package io.kscribe.engine;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What the encoder keeps of speech that goes on. There is only so much memory for it: who comes when all of it is taken is kept nothing of, rather
 * than everybody being forgotten in turn. Memory is used again when speech is over. Thread-safe.
 */
final class EncoderCaches {
    /** The most memory of all that is kept: 512 MiB, which is that of some 40 to 50 that speak at once (tiny; half as many with base). */
    private static final long MOST_BYTES = 512L << 20;

    /** And no more than this share of what Java's heap may grow to. */
    private static final int SHARE_OF_HEAP = 4;

    /** What has not been used for so long is somebody's who went away: 30 s, the longest window. */
    static final Duration LONGEST_UNUSED = Duration.ofSeconds(30);

    private record Kept(EncoderCache cache, long usedNanos) {}

    private final long mostBytes;
    private final LongSupplier nanoTime;

    /** The one that was used longest ago first. */
    private final Map<OngoingSpeech, Kept> all = new LinkedHashMap<>();

    /** Of what is kept, and of what {@link #take} and {@link #memory} gave. */
    private long bytes;

    EncoderCaches(long mostBytes, LongSupplier nanoTime) {
        this.mostBytes = mostBytes;
        this.nanoTime = nanoTime;
    }

    /** With as much memory as this process has for it. */
    static EncoderCaches ofThisProcess() {
        long mostBytes = Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
        return new EncoderCaches(mostBytes, System::nanoTime);
    }

    /** What is kept of speech, until it is {@linkplain #put put} back or {@linkplain #drop dropped}. */
    synchronized Optional<EncoderCache> take(OngoingSpeech speech) {
        return Optional.ofNullable(all.remove(speech)).map(Kept::cache);
    }

    /** Memory for a cache; empty: there is no more. */
    synchronized Optional<ByteBuffer> memory(int size) {
        for (var entries = all.entrySet().iterator(); entries.hasNext(); ) {
            Map.Entry<OngoingSpeech, Kept> entry = entries.next();
            ByteBuffer memory = entry.getValue().cache().memory();
            if (isOver(entry) && memory.capacity() >= size) {
                entries.remove();
                return Optional.of(memory);
            }
        }
        if (bytes + size > mostBytes) {
            all.entrySet().removeIf(entry -> {
                boolean over = isOver(entry);
                if (over) {
                    drop(entry.getValue().cache());
                }
                return over;
            });
        }
        if (bytes + size > mostBytes) {
            return Optional.empty();
        }
        bytes += size;
        return Optional.of(ByteBuffer.allocateDirect(size));
    }

    private boolean isOver(Map.Entry<OngoingSpeech, Kept> entry) {
        return entry.getKey().over() || nanoTime.getAsLong() - entry.getValue().usedNanos() > LONGEST_UNUSED.toNanos();
    }

    /** Keeps it. */
    synchronized void put(OngoingSpeech speech, EncoderCache cache) {
        all.put(speech, new Kept(cache, nanoTime.getAsLong()));
    }

    /** Lets go of what {@link #take} or {@link #memory} gave. */
    synchronized void drop(EncoderCache cache) {
        bytes -= cache.memory().capacity();
    }
}
