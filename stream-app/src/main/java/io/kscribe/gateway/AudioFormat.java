package io.kscribe.gateway;

import io.kscribe.schema.AudioEncoding;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How the samples of a call are written.
 *
 * @param encoding a known one
 * @param rateHz samples a second, 4000 to 192 000
 */
record AudioFormat(AudioEncoding encoding, int rateHz) {

    private static final int LOWEST_RATE_HZ = 4000;
    private static final int HIGHEST_RATE_HZ = 192_000;

    /** Where G.711 is zero: positive zero in mu-law, the smallest positive step in A-law. */
    private static final byte MULAW_ZERO = (byte) 0xFF;

    private static final byte ALAW_ZERO = (byte) 0xD5;

    AudioFormat {
        if (encoding == AudioEncoding.UNKNOWN) {
            throw new IllegalArgumentException("The encoding is unknown.");
        }
        if (rateHz < LOWEST_RATE_HZ || rateHz > HIGHEST_RATE_HZ) {
            throw new IllegalArgumentException("The sample rate is " + rateHz + " Hz; expected " + LOWEST_RATE_HZ
                    + " to " + HIGHEST_RATE_HZ + " Hz.");
        }
    }

    /** An encoding by one of the names that platforms give it: {@code audio/x-mulaw}, {@code PCMU}, {@code L16}, {@code linear16}, ... */
    static Optional<AudioEncoding> encoding(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceFirst(";.*", "").strip();
        return switch (plain.replaceFirst("^audio/", "").replaceFirst("^x-", "")) {
            case "mulaw", "ulaw", "pcmu", "basic" -> Optional.of(AudioEncoding.MULAW);
            case "alaw", "pcma" -> Optional.of(AudioEncoding.ALAW);
            case "pcm16", "pcm_s16le", "s16le", "l16", "linear16", "slin" -> Optional.of(AudioEncoding.PCM_S16LE);
            case "f32", "f32le", "pcm_f32le" -> Optional.of(AudioEncoding.PCM_F32LE);
            default -> Optional.empty();
        };
    }

    /** Bytes of a sample. */
    int sampleBytes() {
        return switch (encoding) {
            case MULAW, ALAW -> 1;
            case PCM_S16LE -> 2;
            case PCM_F32LE -> 4;
            case UNKNOWN -> throw new IllegalStateException("an unknown encoding");
        };
    }

    /** Bytes of so much audio of one channel, whole samples. */
    int bytes(Duration time) {
        return Math.toIntExact(rateHz * time.toMillis() / 1000 * sampleBytes());
    }

    /** How long so many bytes of one channel are, in milliseconds. */
    long millis(long bytes) {
        return bytes / sampleBytes() * 1000 / rateHz;
    }

    /** A byte that silence consists of. */
    byte silence() {
        return switch (encoding) {
            case MULAW -> MULAW_ZERO;
            case ALAW -> ALAW_ZERO;
            default -> 0;
        };
    }
}
