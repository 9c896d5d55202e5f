package io.kscribe.console;

import io.kscribe.console.Event.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;

/** A viewer that has a WebSocket: one JSON object a message, {@code {"id":...,"event":...,"data":{...}}}. */
final class SocketLine implements Delivery.Line {

    /** How long the other side may take to take an event. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Session session;
    private final LongFunction<EventId> ids;

    SocketLine(Session session, LongFunction<EventId> ids) {
        this.session = session;
        this.ids = ids;
    }

    @Override
    public void send(Event event) throws IOException {
        String id = event.number() == 0 ? "" : "\"id\":\"" + ids.apply(event.number()) + "\",";
        String message = "{" + id + "\"event\":\"" + event.kind() + "\",\"data\":" + event.json() + "}";
        await(sent -> session.sendText(message, sent));
        if (event.kind() == Kind.END) {
            session.close(StatusCode.SERVICE_RESTART, null, Callback.NOOP);
        }
    }

    @Override
    public void beat() throws IOException {
        await(sent -> session.sendPing(ByteBuffer.allocate(0), sent));
    }

    @Override
    public void close() {
        if (session.isOpen()) {
            session.close(StatusCode.NORMAL, null, Callback.NOOP);
        }
    }

    private static void await(Consumer<Callback.Completable> send) throws IOException {
        Callback.Completable sent = new Callback.Completable();
        send.accept(sent);
        try {
            sent.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException gone) {
            throw new IOException("the WebSocket takes nothing any more", gone);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped", stopped);
        }
    }
}
