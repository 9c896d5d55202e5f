package io.kscribe.gateway;

import java.nio.ByteBuffer;
import java.util.UUID;

/** Frames as Asterisk writes them. */
final class AudioSocketFrames {

    private AudioSocketFrames() {}

    static byte[] frame(int type, byte[] payload) {
        return ByteBuffer.allocate(3 + payload.length)
                .put((byte) type)
                .putShort((short) payload.length)
                .put(payload)
                .array();
    }

    static byte[] id(UUID call) {
        return frame(
                0x01,
                ByteBuffer.allocate(16)
                        .putLong(call.getMostSignificantBits())
                        .putLong(call.getLeastSignificantBits())
                        .array());
    }
}
