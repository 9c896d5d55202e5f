package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;
import java.util.zip.CRC32C;

/**
 * Which of a channel's latest chunks came, and with what audio: tells a chunk that came again from one that came too late, and from another
 * with the same number. It is not part of the state: after a restart, what came before is unknown.
 */
final class RecentChunks {
    private static final long NEVER_CAME = -1;

    /** What is known of a chunk that comes after its turn. */
    enum Known {
        /** It came before, with the same audio. */
        SAME,
        /** A chunk with its number came before, with other audio. */
        OTHER,
        /** It was missing; silence stands in its place. */
        MISSING,
        /** It is too long ago to say. */
        UNKNOWN
    }

    /** A checksum of each chunk, by its number modulo the length; or {@link #NEVER_CAME}. */
    private final long[] checksums;

    private long next;
    private int known;

    /**
     * Knows none.
     *
     * @param chunks how many are remembered
     */
    RecentChunks(int chunks) {
        this.checksums = new long[chunks];
    }

    /**
     * Takes note of the next chunk.
     *
     * @param missing how many before it never came
     */
    void add(AudioChunk chunk, int missing) {
        long sequence = chunk.getSequence();
        if (sequence - missing != next) {
            known = 0;
        }
        for (long lost = Math.max(sequence - missing, sequence - checksums.length); lost < sequence; lost++) {
            set(lost, NEVER_CAME);
        }
        set(sequence, checksum(chunk));
        next = sequence + 1;
    }

    private void set(long sequence, long checksum) {
        checksums[(int) (sequence % checksums.length)] = checksum;
        known = Math.min(known + 1, checksums.length);
    }

    /** What is known of a chunk before the next. */
    Known lookUp(AudioChunk chunk) {
        long age = next - chunk.getSequence();
        if (age < 1 || age > known) {
            return Known.UNKNOWN;
        }
        long checksum = checksums[(int) (chunk.getSequence() % checksums.length)];
        if (checksum == NEVER_CAME) {
            return Known.MISSING;
        }
        return checksum == checksum(chunk) ? Known.SAME : Known.OTHER;
    }

    /** A number that two chunks with the same number share if their audio is the same; at least 0. */
    static long checksum(AudioChunk chunk) {
        CRC32C sum = new CRC32C();
        sum.update(chunk.getPayload().duplicate());
        return sum.getValue();
    }
}
