package io.kscribe.gateway;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A platform's end of a WebSocket: Java's own client. */
final class TestSocket implements AutoCloseable {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final int LIMIT_SECONDS = 60;

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final CompletableFuture<String> reason = new CompletableFuture<>();
    private final WebSocket socket;

    private TestSocket(URI uri, String... headers) throws Exception {
        WebSocket.Builder builder = CLIENT.newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        socket = builder.buildAsync(uri, new Listener()).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    static TestSocket open(URI uri, String... headers) throws Exception {
        return new TestSocket(uri, headers);
    }

    TestSocket send(String text) throws Exception {
        socket.sendText(text, true).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        return this;
    }

    TestSocket send(byte[] bytes) throws Exception {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        return this;
    }

    /** The next message that contains something. */
    String await(String content) throws InterruptedException {
        StringBuilder others = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            String message = received.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (message == null) {
                break;
            }
            if (message.contains(content)) {
                return message;
            }
            others.append(message).append('\n');
        }
        throw new AssertionError("No message with " + content + " came; there were\n" + others);
    }

    /** Whether a message is there that contains something. */
    boolean hasReceived(String content) {
        return received.stream().anyMatch(message -> message.contains(content));
    }

    /** Whether a message that contains something is there within moments. */
    boolean receivesSoon(String content) throws InterruptedException {
        for (int i = 0; i < 10 && !hasReceived(content); i++) {
            TimeUnit.MILLISECONDS.sleep(3);
        }
        return hasReceived(content);
    }

    /** The code that the gateway closed the socket with. */
    int awaitClosed() throws Exception {
        return closed.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    String awaitReason() throws Exception {
        return reason.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Ends the connection without a goodbye. */
    void abort() {
        socket.abort();
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                received.add(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String why) {
            closed.complete(code);
            reason.complete(why);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            closed.completeExceptionally(failure);
        }
    }
}
