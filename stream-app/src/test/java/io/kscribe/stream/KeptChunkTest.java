package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.schema.Role;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class KeptChunkTest {
    private static final Serde<KeptChunk> SERDE = KeptChunk.serde();

    @Property(tries = 300)
    void shouldComeBackAsItWas(
            @ForAll String callId,
            @ForAll @IntRange(max = 31) int channel,
            @ForAll @LongRange(min = 0) long sequence,
            @ForAll long capturedAt,
            @ForAll Role role,
            @ForAll AudioEncoding encoding,
            @ForAll @IntRange(min = 4000, max = 192_000) int rateHz,
            @ForAll boolean end,
            @ForAll @Size(max = 200) byte[] payload,
            @ForAll @LongRange(min = 0) long start,
            @ForAll @IntRange int silence) {
        AudioChunk chunk = AudioChunk.newBuilder()
                .setCallId(callId)
                .setChannel(channel)
                .setSequence(sequence)
                .setCapturedAt(Instant.ofEpochMilli(capturedAt))
                .setRole(role)
                .setEncoding(encoding)
                .setSampleRate(rateHz)
                .setPayload(ByteBuffer.wrap(payload))
                .setEndOfStream(end)
                .setLanguage(end ? "de" : null)
                .setAttributes(end ? Map.of(Sequencer.ENDED_BY, Sequencer.EVICTED) : Map.of())
                .build();
        KeptChunk kept = new KeptChunk(start, silence, chunk);

        byte[] bytes = SERDE.serializer().serialize("", kept);
        String key = new ChannelKey(callId, channel).chunk(sequence);
        assertThat(SERDE.deserializer().deserialize("", bytes).at(key)).isEqualTo(kept);
    }

    @Test
    void shouldTakeLittleMoreThanItsAudio() {
        KeptChunk kept = new KeptChunk(
                8000L * 3600,
                0,
                TestChunks.silence("c1", 0, 36_000)
                        .setAttributes(Map.of("queue", "sales"))
                        .build());

        assertThat(SERDE.serializer().serialize("", kept)).hasSizeLessThan(80 + 24);
    }

    @Test
    void shouldOrderChunksByTheirNumbers() {
        ChannelKey key = new ChannelKey("c1", 0);
        List<Long> numbers = List.of(
                0L, 1L, 9L, 10L, 15L, 16L, 255L, 256L, 4095L, 4096L, 1L << 40, Long.MAX_VALUE - 1, Long.MAX_VALUE);

        assertThat(numbers.stream().map(key::chunk)).isSorted();
        assertThat(numbers.stream().map(key::chunk).map(ChannelKey::sequence)).isEqualTo(numbers);
        assertThat(ChannelKey.of(new ChannelKey("a|b:c", 12).chunk(7))).isEqualTo(new ChannelKey("a|b:c", 12));
        assertThat(ChannelKey.of(new ChannelKey("|", 3).storeKey())).isEqualTo(new ChannelKey("|", 3));
    }
}
