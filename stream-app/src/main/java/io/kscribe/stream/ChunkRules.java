package io.kscribe.stream;

import io.kscribe.audio.SampleEncoding;
import io.kscribe.audio.StreamingResampler;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioEncoding;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a chunk, looked at by itself, in one sentence that names the call and the field. */
final class ChunkRules {
    private final StreamLimits limits;

    ChunkRules(StreamLimits limits) {
        this.limits = limits;
    }

    /** What is wrong; empty if nothing is. */
    Optional<String> fault(@Nullable String key, AudioChunk chunk) {
        String call = chunk.getCallId();
        if (call.isBlank()) {
            return Optional.of("The chunk has an empty callId.");
        }
        if (call.length() > limits.longestCallId()) {
            return Optional.of("The chunk's callId has " + call.length() + " characters; at most "
                    + limits.longestCallId() + " are allowed.");
        }
        return fieldFault(key, chunk).map(fault -> "Call " + call + ": " + fault);
    }

    private Optional<String> fieldFault(@Nullable String key, AudioChunk chunk) {
        if (!chunk.getCallId().equals(key)) {
            return Optional.of(
                    "the record's key is " + (key == null ? "missing" : "another call's") + "; it must be the callId.");
        }
        if (chunk.getChannel() < 0 || chunk.getChannel() >= limits.channels()) {
            return Optional.of(
                    "channel is " + chunk.getChannel() + "; 0 to " + (limits.channels() - 1) + " are allowed.");
        }
        if (chunk.getSequence() < 0) {
            return Optional.of("sequence is " + chunk.getSequence() + "; it must not be negative.");
        }
        if (chunk.getSampleRate() < StreamingResampler.MIN_RATE_HZ
                || chunk.getSampleRate() > StreamingResampler.MAX_RATE_HZ) {
            return Optional.of("sampleRate is " + chunk.getSampleRate() + " Hz; " + StreamingResampler.MIN_RATE_HZ
                    + " to " + StreamingResampler.MAX_RATE_HZ + " are read.");
        }
        if (chunk.getEncoding() == AudioEncoding.UNKNOWN) {
            return Optional.of("encoding is one that this version does not know.");
        }
        int bytes = chunk.getPayload().remaining();
        if (bytes > limits.largestPayload()) {
            return Optional.of("payload has " + bytes + " bytes; at most " + limits.largestPayload() + " are read.");
        }
        int attributes = attributesLength(chunk);
        if (attributes > limits.longestAttributes()) {
            return Optional.of("attributes have " + attributes + " characters in all; at most "
                    + limits.longestAttributes() + " are kept.");
        }
        int width = SampleEncoding.valueOf(chunk.getEncoding().name()).bytesPerSample();
        if (bytes % width != 0) {
            return Optional.of("payload has " + bytes + " bytes, which is no whole number of " + chunk.getEncoding()
                    + " samples of " + width + " bytes.");
        }
        return Optional.empty();
    }

    /** Whether a chunk can be written again with a little more around it. */
    boolean isSmall(AudioChunk chunk) {
        return chunk.getPayload().remaining() <= limits.largestPayload()
                && attributesLength(chunk) <= limits.longestAttributes();
    }

    private static int attributesLength(AudioChunk chunk) {
        return chunk.getAttributes().entrySet().stream()
                .mapToInt(attribute ->
                        attribute.getKey().length() + attribute.getValue().length())
                .sum();
    }
}
