package io.kscribe.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for Asterisk's AudioSocket. A connection has a thread, which has little to do and a small stack. */
final class AudioSocketServer implements AutoCloseable {

    private static final int READ_BYTES = 8192;
    private static final long STACK_BYTES = 256 << 10;
    private static final int BACKLOG = 100;

    /** Asterisk's hang-up: what the end of its connection means, too. */
    private static final byte[] HANG_UP = {0, 0, 0};

    private static final Logger log = LoggerFactory.getLogger(AudioSocketServer.class);

    private final ServerSocket server;
    private final GatewayContext gateway;
    private final GatewaySettings settings;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger number = new AtomicInteger();

    private AudioSocketServer(ServerSocket server, GatewayContext gateway, GatewaySettings settings) {
        this.server = server;
        this.gateway = gateway;
        this.settings = settings;
    }

    /**
     * Listens from now on.
     *
     * @throws IOException if the port is taken
     */
    static AudioSocketServer start(InetSocketAddress address, GatewayContext gateway, GatewaySettings settings)
            throws IOException {
        ServerSocket server = new ServerSocket();
        try {
            server.bind(address, BACKLOG);
        } catch (IOException taken) {
            server.close();
            throw new IOException(
                    "AudioSocket cannot listen at " + address.getHostString() + ":" + address.getPort() + ": "
                            + taken.getMessage() + ".",
                    taken);
        }
        AudioSocketServer started = new AudioSocketServer(server, gateway, settings);
        thread("kscribe-audiosocket", started::accept).start();
        return started;
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                admit(server.accept());
            } catch (IOException failed) {
                if (!server.isClosed()) {
                    log.warn("AudioSocket: a connection was not accepted: {}", failed.getMessage());
                }
            }
        }
    }

    private void admit(Socket socket) throws IOException {
        if (open.size() >= gateway.limits().audioSockets()) {
            log.warn("AudioSocket: {} connections are open; another one is turned away", open.size());
            socket.close();
            return;
        }
        open.add(socket);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int)
                Math.min(Integer.MAX_VALUE, gateway.limits().callIdleTime().toMillis()));
        thread("kscribe-audiosocket-" + number.incrementAndGet(), () -> follow(socket))
                .start();
    }

    private void follow(Socket socket) {
        CallConnection connection = new CallConnection(
                new AudioSocketConversation(settings.roles(Protocol.AUDIOSOCKET)),
                new SocketLink(socket),
                gateway,
                "audiosocket from " + socket.getInetAddress().getHostAddress());
        try (socket) {
            InputStream in = socket.getInputStream();
            byte[] piece = new byte[READ_BYTES];
            for (int bytes = in.read(piece); bytes >= 0; bytes = in.read(piece)) {
                connection.bytes(ByteBuffer.wrap(piece, 0, bytes));
            }
            connection.bytes(ByteBuffer.wrap(HANG_UP));
        } catch (IOException broken) {
            log.debug("AudioSocket: a connection broke: {}", broken.getMessage());
        } finally {
            open.remove(socket);
            connection.closed();
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException broken) {
            log.debug("AudioSocket: {}", broken.getMessage());
        }
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, STACK_BYTES);
        thread.setDaemon(true);
        return thread;
    }

    /** A TCP connection; what is sent over it is a few bytes, once. */
    private record SocketLink(Socket socket) implements Link {

        @Override
        public void send(String text) {
            throw new UnsupportedOperationException("AudioSocket has no text messages");
        }

        @Override
        public void send(ByteBuffer bytes) {
            byte[] all = new byte[bytes.remaining()];
            bytes.get(all);
            try {
                socket.getOutputStream().write(all);
            } catch (IOException broken) {
                log.debug("AudioSocket: nothing can be sent any more: {}", broken.getMessage());
            }
        }

        @Override
        public void close(int code, String reason) {
            try {
                socket.shutdownOutput();
                socket.close();
            } catch (IOException closed) {
                log.debug("AudioSocket: {}", closed.getMessage());
            }
        }
    }
}
