package io.kscribe.gateway;

import io.kscribe.schema.Transcript;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * One call in a platform's protocol, without a socket: what comes in becomes {@linkplain CallEvent events}, what the gateway has to
 * say is put in the protocol's words. Whatever comes in, nothing is thrown, and what is kept is bounded. Not thread-safe.
 */
interface Conversation {

    /** A text message. */
    List<CallEvent> text(String message);

    /** A binary message, or the next piece of a stream; the buffer is read, not kept. */
    List<CallEvent> bytes(ByteBuffer message);

    /**
     * Kafka has the audio up to here, on all channels.
     *
     * @param upToMillis from the start of the call, or of the connection where clients do not count
     */
    default List<CallEvent> delivered(long upToMillis) {
        return List.of();
    }

    /** Kafka does not follow, and little more can be kept; or it does again. */
    default List<CallEvent> pressed(boolean high) {
        return List.of();
    }

    /** The call whose transcripts the client wants to hear; empty if it does not. */
    default Optional<String> wantsTranscripts() {
        return Optional.empty();
    }

    /** Something was said in the call, or may have been. */
    default List<CallEvent> transcript(Transcript transcript) {
        return List.of();
    }

    /**
     * The call cannot go on over this connection.
     *
     * @param undeliveredMillis how much audio Kafka did not get, on the channel that lost most
     */
    List<CallEvent> broken(Trouble trouble, long undeliveredMillis);

    /** The call has ended, and Kafka has all of it. */
    List<CallEvent> finished();
}
