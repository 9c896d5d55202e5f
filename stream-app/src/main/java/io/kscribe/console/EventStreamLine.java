package io.kscribe.console;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;

/** A viewer that reads server-sent events (WHATWG HTML, section 9.2). */
final class EventStreamLine implements Delivery.Line {

    /** Begins a stream: browsers are to connect again a second after they have lost it. */
    private static final byte[] RETRY = "retry: 1000\n\n".getBytes(StandardCharsets.UTF_8);

    private static final byte[] BEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private final OutputStream out;
    private final LongFunction<EventId> ids;
    private final Runnable hangUp;
    private boolean begun;

    EventStreamLine(OutputStream out, LongFunction<EventId> ids, Runnable hangUp) {
        this.out = out;
        this.ids = ids;
        this.hangUp = hangUp;
    }

    @Override
    public void send(Event event) throws IOException {
        String id = event.number() == 0 ? "" : "id: " + ids.apply(event.number()) + "\n";
        out.write(
                (id + "event: " + event.kind() + "\ndata: " + event.json() + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void beat() throws IOException {
        out.write(begun ? BEAT : RETRY);
        out.flush();
        begun = true;
    }

    @Override
    public void close() {
        hangUp.run();
    }
}
