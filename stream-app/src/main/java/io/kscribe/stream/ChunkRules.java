package io.kscribe.stream;

import io.kscribe.audio.SampleEncoding;
import io.kscribe.audio.StreamingResampler;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.stream.Fault.Reason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a chunk, looked at by itself, in one sentence that names the call and the field. */
final class ChunkRules {
    private final StreamLimits limits;

    ChunkRules(StreamLimits limits) {
        this.limits = limits;
    }

    /** What is wrong; empty if nothing is. */
    Optional<Fault> fault(@Nullable String key, AudioChunk chunk) {
        String call = chunk.getCallId();
        if (call.isBlank()) {
            return fault(Reason.CALL_ID, "The chunk has an empty callId.");
        }
        if (call.length() > limits.longestCallId()) {
            return fault(
                    Reason.CALL_ID,
                    "The chunk's callId has " + call.length() + " characters; at most " + limits.longestCallId()
                            + " are allowed.");
        }
        return fieldFault(key, chunk).map(fault -> new Fault(fault.reason(), "Call " + call + ": " + fault.sentence()));
    }

    private Optional<Fault> fieldFault(@Nullable String key, AudioChunk chunk) {
        if (!chunk.getCallId().equals(key)) {
            return fault(
                    Reason.KEY,
                    "the record's key is " + (key == null ? "missing" : "another call's") + "; it must be the callId.");
        }
        if (chunk.getChannel() < 0 || chunk.getChannel() >= limits.channels()) {
            return fault(
                    Reason.CHANNEL,
                    "channel is " + chunk.getChannel() + "; 0 to " + (limits.channels() - 1) + " are allowed.");
        }
        if (chunk.getSequence() < 0 || chunk.getSequence() == Long.MAX_VALUE) {
            return fault(
                    Reason.SEQUENCE,
                    "sequence is " + chunk.getSequence() + "; it must be 0 or more, and one must be able to follow.");
        }
        if (chunk.getSampleRate() < StreamingResampler.MIN_RATE_HZ
                || chunk.getSampleRate() > StreamingResampler.MAX_RATE_HZ) {
            return fault(
                    Reason.SAMPLE_RATE,
                    "sampleRate is " + chunk.getSampleRate() + " Hz; " + StreamingResampler.MIN_RATE_HZ + " to "
                            + StreamingResampler.MAX_RATE_HZ + " are read.");
        }
        if (chunk.getEncoding() == AudioEncoding.UNKNOWN) {
            return fault(Reason.ENCODING, "encoding is one that this version does not know.");
        }
        int bytes = chunk.getPayload().remaining();
        if (bytes > limits.largestPayload()) {
            return fault(
                    Reason.PAYLOAD,
                    "payload has " + bytes + " bytes; at most " + limits.largestPayload() + " are read.");
        }
        int width = SampleEncoding.valueOf(chunk.getEncoding().name()).bytesPerSample();
        if (bytes % width != 0) {
            return fault(
                    Reason.PAYLOAD,
                    "payload has " + bytes + " bytes, which is no whole number of " + chunk.getEncoding()
                            + " samples of " + width + " bytes.");
        }
        int attributes = attributesLength(chunk);
        if (attributes > limits.longestAttributes()) {
            return fault(
                    Reason.ATTRIBUTES,
                    "attributes have " + attributes + " characters in all; at most " + limits.longestAttributes()
                            + " are kept.");
        }
        String language = chunk.getLanguage();
        if (language != null && language.length() > limits.longestLanguage()) {
            return fault(
                    Reason.LANGUAGE,
                    "language has " + language.length() + " characters; at most " + limits.longestLanguage()
                            + " are read.");
        }
        return Optional.empty();
    }

    private static Optional<Fault> fault(Reason reason, String sentence) {
        return Optional.of(new Fault(reason, sentence));
    }

    private static int attributesLength(AudioChunk chunk) {
        return chunk.getAttributes().entrySet().stream()
                .mapToInt(attribute ->
                        attribute.getKey().length() + attribute.getValue().length())
                .sum();
    }
}
