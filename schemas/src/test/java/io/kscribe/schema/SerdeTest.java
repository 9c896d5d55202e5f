package io.kscribe.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SerdeTest {

    private static final String TOPIC = "audio.chunks";

    /** More than decoding a small record needs, far less than a hostile length claims. */
    private static final long ALLOCATION_LIMIT_BYTES = 4L << 20;

    /** A symbol's index that every enum here has. */
    private static final int ENUM_INDEX = 1;

    private final Serde<AudioChunk> chunks = KscribeSerdes.audioChunk();
    private final Serde<Transcript> transcripts = KscribeSerdes.transcript();

    @Test
    void shouldPassNullThrough() {
        assertThat(chunks.serializer().serialize(TOPIC, null)).isNull();
        assertThat(chunks.deserializer().deserialize(TOPIC, (byte[]) null)).isNull();
    }

    @Test
    void shouldWriteSingleObjectEncoding() throws IOException {
        byte[] bytes = chunks.serializer().serialize(TOPIC, Samples.audioChunk());

        GenericRecord read =
                new BinaryMessageDecoder<GenericRecord>(GenericData.get(), AudioChunk.getClassSchema()).decode(bytes);
        assertThat(read.get("callId")).hasToString("call-7");
        assertThat(read.get("payload")).isEqualTo(Samples.audioChunk().getPayload());
    }

    @Test
    void shouldLeaveThePayloadAsItWas() {
        AudioChunk chunk = Samples.audioChunk();

        chunks.serializer().serialize(TOPIC, chunk);

        assertThat(chunk).isEqualTo(Samples.audioChunk());
    }

    @Test
    void shouldRefuseAnIncompleteRecordAndStillWriteTheNext() {
        AudioChunk incomplete = Samples.audioChunk();
        incomplete.put("callId", null);

        assertThatThrownBy(() -> chunks.serializer().serialize(TOPIC, incomplete))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("audio.chunks: expected a complete AudioChunk, but it cannot be written: ")
                .hasMessageContaining("callId");
        assertThat(chunks.deserializer().deserialize(TOPIC, chunks.serializer().serialize(TOPIC, Samples.audioChunk())))
                .isEqualTo(Samples.audioChunk());
    }

    @Test
    void shouldSayWhatCameInsteadOfSingleObjectEncoding() {
        assertRefused(
                "{\"callId\":\"call-7\"}".getBytes(StandardCharsets.UTF_8),
                "audio.chunks: expected AudioChunk in Avro single-object encoding (c3 01, an 8-byte schema fingerprint,"
                        + " the record), but got 19 bytes that start with 7b 22 63 61 6c 6c 49 64 22 3a.");
        assertRefused(
                new byte[0],
                "audio.chunks: expected AudioChunk in Avro single-object encoding (c3 01, an 8-byte schema fingerprint,"
                        + " the record), but got 0 bytes.");
    }

    @Test
    void shouldNameAnUnknownFingerprintInHex() {
        byte[] bytes = HexFormat.of().parseHex("c301efcdab8967452301" + "00");

        assertRefused(
                bytes,
                "audio.chunks: expected AudioChunk in a schema version from 1 to 1, but got schema fingerprint"
                        + " 0x0123456789abcdef, which is none of them.");
    }

    @Test
    void shouldRefuseAnotherRecordsBytes() {
        byte[] transcript = transcripts.serializer().serialize(TOPIC, Samples.transcript());

        assertThatThrownBy(() -> chunks.deserializer().deserialize(TOPIC, transcript))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("got schema fingerprint 0x");
    }

    @Test
    void shouldRefuseBytesAfterTheRecord() {
        byte[] whole = chunks.serializer().serialize(TOPIC, Samples.audioChunk());

        assertRefused(
                Arrays.copyOf(whole, whole.length + 3),
                "audio.chunks: expected one AudioChunk, but 3 more bytes follow it.");
    }

    @Test
    void shouldRefuseEveryTruncation() {
        byte[] whole = chunks.serializer().serialize(TOPIC, Samples.audioChunk());

        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> chunks.deserializer().deserialize(TOPIC, part))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(SerializationException.class)
                    .hasMessageStartingWith("audio.chunks: expected ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            longs = {1L << 20, 1L << 30, Integer.MAX_VALUE - 8, Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void shouldNotAllocateWhatAHostileLengthClaims(long length) throws IOException {
        byte[] payload = audioChunkUpTo("payload", length);
        byte[] callId = audioChunkUpTo("callId", length);
        byte[] attributes = audioChunkUpTo("attributes", length);
        byte[] words = transcriptUpToWords(length);

        assertRefusedCheaply(chunks, payload);
        assertRefusedCheaply(chunks, callId);
        assertRefusedCheaply(chunks, attributes);
        assertRefusedCheaply(transcripts, words);
    }

    @Test
    void shouldServeSeveralThreads() throws Exception {
        int threads = 4;
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Boolean>> tasks = IntStream.range(0, threads)
                    .mapToObj(thread -> (Callable<Boolean>) () -> {
                        start.await();
                        boolean same = true;
                        for (int i = 0; i < 2000; i++) {
                            AudioChunk chunk = Samples.audioChunk();
                            chunk.setCallId("call-" + thread + "-" + "x".repeat(i % 100));
                            chunk.setSequence(i);
                            byte[] bytes = chunks.serializer().serialize(TOPIC, chunk);
                            same &= chunk.equals(chunks.deserializer().deserialize(TOPIC, bytes));
                        }
                        return same;
                    })
                    .toList();
            for (Future<Boolean> same : executor.invokeAll(tasks)) {
                assertThat(same.get()).isTrue();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private void assertRefused(byte[] bytes, String message) {
        assertThatThrownBy(() -> chunks.deserializer().deserialize(TOPIC, bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessage(message);
    }

    private static void assertRefusedCheaply(Serde<?> serde, byte[] bytes) {
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> serde.deserializer().deserialize(TOPIC, bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("cannot be decoded");
        assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(ALLOCATION_LIMIT_BYTES);
    }

    /** The sample chunk's encoding up to a field, which claims a length that is not there. */
    private byte[] audioChunkUpTo(String field, long length) throws IOException {
        AudioChunk chunk = Samples.audioChunk();
        Prefix prefix = new Prefix(chunks.serializer().serialize(TOPIC, chunk));
        if (!field.equals("callId")) {
            prefix.encoder.writeString(chunk.getCallId());
            prefix.encoder.writeInt(chunk.getChannel());
            prefix.encoder.writeEnum(ENUM_INDEX);
            prefix.encoder.writeLong(chunk.getSequence());
            prefix.encoder.writeLong(chunk.getCapturedAt().toEpochMilli());
            prefix.encoder.writeEnum(ENUM_INDEX);
            prefix.encoder.writeInt(chunk.getSampleRate());
        }
        if (field.equals("attributes")) {
            prefix.encoder.writeBytes(chunk.getPayload());
            prefix.encoder.writeBoolean(chunk.getEndOfStream());
            prefix.encoder.writeIndex(0);
        }
        prefix.encoder.writeLong(length);
        return prefix.bytes();
    }

    private byte[] transcriptUpToWords(long count) throws IOException {
        Transcript transcript = Samples.transcript();
        Prefix prefix = new Prefix(transcripts.serializer().serialize(TOPIC, transcript));
        prefix.encoder.writeString(transcript.getCallId());
        prefix.encoder.writeInt(transcript.getChannel());
        prefix.encoder.writeEnum(ENUM_INDEX);
        prefix.encoder.writeLong(transcript.getSegmentId());
        prefix.encoder.writeInt(transcript.getRevision());
        prefix.encoder.writeEnum(ENUM_INDEX);
        prefix.encoder.writeString(transcript.getText());
        prefix.encoder.writeInt(transcript.getStableChars());
        prefix.encoder.writeLong(count);
        return prefix.bytes();
    }

    /** The beginning of a single-object encoding, with a whole record's header. */
    private static final class Prefix {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);

        Prefix(byte[] whole) {
            out.write(whole, 0, 10);
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
