package io.kscribe.gateway;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/** A WebSocket. Jetty queues what is sent, up to {@link #MOST_OUTGOING} messages for a client that does not read. */
final class WebSocketLink implements Link {

    static final int MOST_OUTGOING = 1000;

    /** What a close frame has room for after its code (RFC 6455, section 5.5). */
    private static final int LONGEST_REASON_BYTES = 123;

    private final Session session;

    WebSocketLink(Session session) {
        this.session = session;
        session.setMaxOutgoingFrames(MOST_OUTGOING);
    }

    @Override
    public void send(String text) {
        session.sendText(text, Callback.NOOP);
    }

    @Override
    public void send(ByteBuffer bytes) {
        session.sendBinary(bytes, Callback.NOOP);
    }

    @Override
    public void close(int code, String reason) {
        String plain = new String(reason.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII);
        session.close(code, plain.substring(0, Math.min(LONGEST_REASON_BYTES, plain.length())), Callback.NOOP);
    }
}
