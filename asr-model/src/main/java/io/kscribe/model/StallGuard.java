package io.kscribe.model;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Closes a stream, and so ends a read that waits, when nothing has come through it for too long. */
final class StallGuard extends FilterInputStream {

    private static final int CHECKS_PER_LIMIT = 4;

    private final Duration limit;
    private final ScheduledExecutorService watch;
    private volatile long lastNanos = System.nanoTime();
    private volatile boolean stalled;

    StallGuard(InputStream in, Duration limit) {
        super(in);
        this.limit = limit;
        this.watch = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "kscribe-download-watch");
            thread.setDaemon(true);
            return thread;
        });
        long period = Math.max(1, limit.toNanos() / CHECKS_PER_LIMIT);
        var unused = watch.scheduleWithFixedDelay(this::check, period, period, TimeUnit.NANOSECONDS);
    }

    private void check() {
        if (System.nanoTime() - lastNanos > limit.toNanos()) {
            stalled = true;
            try {
                in.close();
            } catch (IOException e) {
                return;
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            int count = super.read(bytes, offset, length);
            if (stalled) {
                throw new IOException("closed by the watch");
            }
            lastNanos = System.nanoTime();
            return count;
        } catch (IOException e) {
            if (stalled) {
                throw new IOException("nothing came for " + limit.toMillis() / 1000.0 + " s", e);
            }
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        watch.shutdownNow();
        super.close();
    }
}
