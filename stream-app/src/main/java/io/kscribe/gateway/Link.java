package io.kscribe.gateway;

import java.nio.ByteBuffer;

/** The socket that a conversation goes over. Sending never blocks; what cannot be sent any more is dropped. */
interface Link {

    void send(String text);

    void send(ByteBuffer bytes);

    /**
     * Closes the socket, after what was sent.
     *
     * @param code a close code of WebSocket's
     */
    void close(int code, String reason);
}
