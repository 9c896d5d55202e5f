package io.kscribe.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Builders;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;

class SerdePropertiesTest {

    private static final String TOPIC = "a.topic";
    private static final int HEADER_BYTES = 10;

    private final Serde<AudioChunk> chunks = KscribeSerdes.audioChunk();
    private final Serde<Transcript> transcripts = KscribeSerdes.transcript();

    @Property
    void shouldRoundTripAnyAudioChunk(@ForAll("audioChunks") AudioChunk chunk) {
        byte[] bytes = chunks.serializer().serialize(TOPIC, chunk);

        assertThat(chunks.deserializer().deserialize(TOPIC, bytes)).isEqualTo(chunk);
    }

    @Property
    void shouldRoundTripAnyTranscript(@ForAll("transcripts") Transcript transcript) {
        byte[] bytes = transcripts.serializer().serialize(TOPIC, transcript);

        assertThat(transcripts.deserializer().deserialize(TOPIC, bytes)).isEqualTo(transcript);
    }

    @Property
    void shouldRefuseRandomBytesAsASerializationException(@ForAll @Size(max = 200) byte[] bytes) {
        assertThat(isRead(chunks, bytes)).isFalse();
        assertThat(isRead(transcripts, bytes)).isFalse();
    }

    @Property
    void shouldReadOrRefuseRandomBytesBehindAValidHeader(@ForAll @Size(max = 200) byte[] body) {
        readOrRefuse(chunks, Samples.audioChunk(), body);
        readOrRefuse(transcripts, Samples.transcript(), body);
    }

    @Property
    void shouldReadOrRefuseAChunkWithOneByteChanged(@ForAll("positions") int position, @ForAll byte value) {
        byte[] bytes = chunks.serializer().serialize(TOPIC, Samples.audioChunk());
        bytes[position % bytes.length] = value;

        readOrRefuse(chunks, bytes);
    }

    private static <T> void readOrRefuse(Serde<T> serde, T sample, byte[] body) {
        byte[] whole = serde.serializer().serialize(TOPIC, sample);
        byte[] bytes = new byte[HEADER_BYTES + body.length];
        System.arraycopy(whole, 0, bytes, 0, HEADER_BYTES);
        System.arraycopy(body, 0, bytes, HEADER_BYTES, body.length);

        readOrRefuse(serde, bytes);
    }

    /** What is read is a whole record: it can be written again and read as the same. */
    private static <T> void readOrRefuse(Serde<T> serde, byte[] bytes) {
        T read;
        try {
            read = serde.deserializer().deserialize(TOPIC, bytes);
        } catch (SerializationException refused) {
            assertThat(refused).hasMessageStartingWith(TOPIC + ": expected ");
            return;
        }
        byte[] again = serde.serializer().serialize(TOPIC, read);
        assertThat(serde.deserializer().deserialize(TOPIC, again)).isEqualTo(read);
    }

    private static boolean isRead(Serde<?> serde, byte[] bytes) {
        try {
            serde.deserializer().deserialize(TOPIC, bytes);
            return true;
        } catch (SerializationException refused) {
            return false;
        }
    }

    @Provide
    Arbitrary<Integer> positions() {
        return Arbitraries.integers().between(0, 10_000);
    }

    @Provide
    Arbitrary<AudioChunk> audioChunks() {
        return Builders.withBuilder(AudioChunk::newBuilder)
                .use(text())
                .in(AudioChunk.Builder::setCallId)
                .use(Arbitraries.integers())
                .in(AudioChunk.Builder::setChannel)
                .use(Arbitraries.of(Role.class))
                .in(AudioChunk.Builder::setRole)
                .use(Arbitraries.longs())
                .in(AudioChunk.Builder::setSequence)
                .use(instants())
                .in(AudioChunk.Builder::setCapturedAt)
                .use(Arbitraries.of(AudioEncoding.class))
                .in(AudioChunk.Builder::setEncoding)
                .use(Arbitraries.integers())
                .in(AudioChunk.Builder::setSampleRate)
                .use(Arbitraries.bytes().array(byte[].class).ofMaxSize(4000).map(ByteBuffer::wrap))
                .in(AudioChunk.Builder::setPayload)
                .use(Arbitraries.of(true, false))
                .in(AudioChunk.Builder::setEndOfStream)
                .use(text().injectNull(0.3))
                .in(AudioChunk.Builder::setLanguage)
                .use(Arbitraries.maps(text(), text()).ofMaxSize(5).map(HashMap::new))
                .in(AudioChunk.Builder::setAttributes)
                .build(AudioChunk.Builder::build);
    }

    @Provide
    Arbitrary<Transcript> transcripts() {
        return Builders.withBuilder(Transcript::newBuilder)
                .use(text())
                .in(Transcript.Builder::setCallId)
                .use(Arbitraries.integers())
                .in(Transcript.Builder::setChannel)
                .use(Arbitraries.of(Role.class))
                .in(Transcript.Builder::setRole)
                .use(Arbitraries.longs())
                .in(Transcript.Builder::setSegmentId)
                .use(Arbitraries.integers())
                .in(Transcript.Builder::setRevision)
                .use(Arbitraries.of(TranscriptStatus.class))
                .in(Transcript.Builder::setStatus)
                .use(text())
                .in(Transcript.Builder::setText)
                .use(Arbitraries.integers())
                .in(Transcript.Builder::setStableChars)
                .use(words().list().ofMaxSize(20))
                .in(Transcript.Builder::setWords)
                .use(Arbitraries.longs())
                .in(Transcript.Builder::setStartMillis)
                .use(Arbitraries.longs())
                .in(Transcript.Builder::setEndMillis)
                .use(text())
                .in(Transcript.Builder::setLanguage)
                .use(Arbitraries.floats())
                .in(Transcript.Builder::setConfidence)
                .use(text())
                .in(Transcript.Builder::setModel)
                .use(instants())
                .in(Transcript.Builder::setCapturedAt)
                .use(instants())
                .in(Transcript.Builder::setEmittedAt)
                .use(text().list().ofMaxSize(3))
                .in(Transcript.Builder::setFlags)
                .build(Transcript.Builder::build);
    }

    private static Arbitrary<Word> words() {
        return Builders.withBuilder(Word::newBuilder)
                .use(text())
                .in(Word.Builder::setText)
                .use(Arbitraries.longs())
                .in(Word.Builder::setStartMillis)
                .use(Arbitraries.longs())
                .in(Word.Builder::setEndMillis)
                .use(Arbitraries.floats())
                .in(Word.Builder::setConfidence)
                .use(Arbitraries.of(true, false))
                .in(Word.Builder::setStable)
                .build(Word.Builder::build);
    }

    private static Arbitrary<Instant> instants() {
        return Arbitraries.longs().between(0, Long.MAX_VALUE).map(Instant::ofEpochMilli);
    }

    /** Strings of whole code points: half a surrogate pair is not text, and UTF-8 cannot say it. */
    private static Arbitrary<String> text() {
        return Arbitraries.integers()
                .between(0, Character.MAX_CODE_POINT)
                .filter(point -> Character.getType(point) != Character.SURROGATE)
                .array(int[].class)
                .ofMaxSize(30)
                .map(points -> new String(points, 0, points.length));
    }
}
