package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.schema.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * A chunk in its place in the channel, kept until nothing that is still to be said depends on it.
 *
 * @param start the first sample of the silence before it, or of its payload, in the channel at its own rate
 * @param silence samples of silence before it, for chunks that were missing
 * @param chunk the chunk
 */
record KeptChunk(long start, int silence, AudioChunk chunk) {
    private static final byte VERSION = 1;

    /** More than the numbers before the language and the payload can take. */
    private static final int MOST_NUMBERS_BYTES = 50;

    /**
     * As a store's value: what is needed to hear it once more, about 20 bytes and the payload. The call, the channel and the sequence number are
     * in the store's key, attributes are not kept; see {@link #at}.
     */
    static Serde<KeptChunk> serde() {
        return Serdes.serdeFrom((topic, kept) -> kept.toBytes(), (topic, bytes) -> fromBytes(bytes));
    }

    @SuppressWarnings(
            "EnumOrdinal") // an Avro enum's symbols only ever grow at the end, and a changelog is read by what wrote it
    private byte[] toBytes() {
        String spoken = chunk.getLanguage();
        byte[] language = (spoken == null ? "" : spoken).getBytes(StandardCharsets.UTF_8);
        byte[] ending =
                chunk.getAttributes().getOrDefault(Sequencer.ENDED_BY, "").getBytes(StandardCharsets.UTF_8);
        ByteBuffer payload = chunk.getPayload().duplicate();
        ByteBuffer out =
                ByteBuffer.allocate(MOST_NUMBERS_BYTES + language.length + ending.length + payload.remaining());
        out.put(VERSION);
        out.put((byte) chunk.getRole().ordinal());
        out.put((byte) chunk.getEncoding().ordinal());
        out.put((byte) (chunk.getEndOfStream() ? 1 : 0));
        ByteUtils.writeVarlong(start, out);
        ByteUtils.writeVarint(silence, out);
        ByteUtils.writeVarint(chunk.getSampleRate(), out);
        ByteUtils.writeVarlong(chunk.getCapturedAt().toEpochMilli(), out);
        ByteUtils.writeVarint(language.length, out);
        out.put(language);
        ByteUtils.writeVarint(ending.length, out);
        out.put(ending);
        out.put(payload);
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    @SuppressWarnings("EnumOrdinal")
    private static KeptChunk fromBytes(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte version = in.get();
        if (version != VERSION) {
            throw new IllegalStateException("a kept chunk of version " + version + " is not of version " + VERSION);
        }
        AudioChunk.Builder chunk = AudioChunk.newBuilder()
                .setCallId("")
                .setChannel(0)
                .setSequence(0)
                .setRole(Role.values()[in.get()])
                .setEncoding(AudioEncoding.values()[in.get()])
                .setEndOfStream(in.get() == 1);
        long start = ByteUtils.readVarlong(in);
        int silence = ByteUtils.readVarint(in);
        chunk.setSampleRate(ByteUtils.readVarint(in));
        chunk.setCapturedAt(Instant.ofEpochMilli(ByteUtils.readVarlong(in)));
        String language = text(in);
        chunk.setLanguage(language.isEmpty() ? null : language);
        String ending = text(in);
        chunk.setAttributes(ending.isEmpty() ? Map.of() : Map.of(Sequencer.ENDED_BY, ending));
        byte[] payload = new byte[in.remaining()];
        in.get(payload);
        return new KeptChunk(
                start, silence, chunk.setPayload(ByteBuffer.wrap(payload)).build());
    }

    private static String text(ByteBuffer in) {
        byte[] text = new byte[ByteUtils.readVarint(in)];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** The chunk as it was before it was kept, given the key under which it was. */
    KeptChunk at(String key) {
        ChannelKey channel = ChannelKey.of(key);
        return new KeptChunk(
                start,
                silence,
                AudioChunk.newBuilder(chunk)
                        .setCallId(channel.callId())
                        .setChannel(channel.channel())
                        .setSequence(ChannelKey.sequence(key))
                        .build());
    }
}
