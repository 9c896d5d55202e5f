package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioEncoding;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkRulesTest {
    private final ChunkRules rules = new ChunkRules(StreamLimits.standard());

    @Test
    void shouldFindNothingWrongWithAChunkAsItShouldBe() {
        assertThat(fault(chunk -> chunk)).isEmpty();
        assertThat(fault(chunk -> chunk.setPayload(ByteBuffer.allocate(0)).setEndOfStream(true)))
                .isEmpty();
        assertThat(fault(chunk -> chunk.setPayload(ByteBuffer.allocate(800_000))))
                .isEmpty();
        assertThat(fault(chunk -> chunk.setAttributes(Map.of("k", "v".repeat(16_383)))))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
    void shouldKnowEveryEncodingOfTheContract(AudioEncoding encoding) {
        assertThat(fault(chunk -> chunk.setEncoding(encoding))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {4000, 8000, 11_025, 192_000})
    void shouldTakeEveryRateThatCanBeResampled(int rateHz) {
        assertThat(fault(chunk -> chunk.setSampleRate(rateHz))).isEmpty();
    }

    @Test
    void shouldSayWhatIsWrong() {
        assertThat(sentence("", TestChunks.silence("", 0, 0).build())).isEqualTo("The chunk has an empty callId.");
        String endless = "c".repeat(257);
        assertThat(sentence(endless, TestChunks.silence(endless, 0, 0).build()))
                .isEqualTo("The chunk's callId has 257 characters; at most 256 are allowed.");
        assertThat(sentence("c2", TestChunks.silence("c1", 0, 0).build()))
                .isEqualTo("Call c1: the record's key is another call's; it must be the callId.");
        assertThat(sentence(null, TestChunks.silence("c1", 0, 0).build()))
                .isEqualTo("Call c1: the record's key is missing; it must be the callId.");
        assertThat(fault(chunk -> chunk.setChannel(-1))).isEqualTo("Call c1: channel is -1; 0 to 31 are allowed.");
        assertThat(fault(chunk -> chunk.setChannel(32))).isEqualTo("Call c1: channel is 32; 0 to 31 are allowed.");
        assertThat(fault(chunk -> chunk.setSequence(-1)))
                .isEqualTo("Call c1: sequence is -1; it must be 0 or more, and one must be able to follow.");
        assertThat(fault(chunk -> chunk.setSequence(Long.MAX_VALUE)))
                .isEqualTo("Call c1: sequence is 9223372036854775807; it must be 0 or more, and one must be able to "
                        + "follow.");
        assertThat(fault(chunk -> chunk.setSampleRate(3999)))
                .isEqualTo("Call c1: sampleRate is 3999 Hz; 4000 to 192000 are read.");
        assertThat(fault(chunk -> chunk.setSampleRate(Integer.MAX_VALUE)))
                .isEqualTo("Call c1: sampleRate is 2147483647 Hz; 4000 to 192000 are read.");
        assertThat(fault(chunk -> chunk.setEncoding(AudioEncoding.UNKNOWN)))
                .isEqualTo("Call c1: encoding is one that this version does not know.");
        assertThat(fault(chunk -> chunk.setEncoding(AudioEncoding.PCM_F32LE).setPayload(ByteBuffer.allocate(6))))
                .isEqualTo("Call c1: payload has 6 bytes, which is no whole number of PCM_F32LE samples of 4 bytes.");
        assertThat(fault(chunk -> chunk.setPayload(ByteBuffer.allocate(800_001))))
                .isEqualTo("Call c1: payload has 800001 bytes; at most 800000 are read.");
        assertThat(fault(chunk -> chunk.setLanguage("x".repeat(36))))
                .isEqualTo("Call c1: language has 36 characters; at most 35 are read.");
        assertThat(fault(chunk -> chunk.setAttributes(Map.of("k", "v".repeat(16_384)))))
                .isEqualTo("Call c1: attributes have 16385 characters in all; at most 16384 are kept.");
    }

    private String fault(UnaryOperator<AudioChunk.Builder> change) {
        AudioChunk chunk = change.apply(TestChunks.silence("c1", 0, 0)).build();
        return sentence("c1", chunk);
    }

    private String sentence(@Nullable String key, AudioChunk chunk) {
        return rules.fault(key, chunk).map(Fault::sentence).orElse("");
    }
}
