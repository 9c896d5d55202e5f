package io.kscribe.model;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one thread of one process at a time install a thing; the others wait. The operating system's lock on a file
 * keeps other processes out and is given back by a process that dies; because it is held by the whole process, a lock
 * in memory keeps this process's other threads out. The file stays when the lock is released: deleting it would let a
 * waiter lock a file that nobody else can find.
 */
public final class InstallLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InstallLock.class);

    private static final ConcurrentMap<Path, ReentrantLock> HELD_BY_THREADS = new ConcurrentHashMap<>();

    private final ReentrantLock thread;
    private final FileChannel channel;

    private InstallLock(ReentrantLock thread, FileChannel channel) {
        this.thread = thread;
        this.channel = channel;
    }

    /**
     * Waits for the lock on a file, making the file and its directories if they are not there. Not re-entrant.
     *
     * @throws InterruptedIOException if the thread is interrupted while it waits; its interrupt status stays set
     * @throws IOException if the file cannot be made or locked
     */
    public static InstallLock acquire(Path file) throws IOException {
        Path key = file.toAbsolutePath().normalize();
        ReentrantLock thread = HELD_BY_THREADS.computeIfAbsent(key, path -> new ReentrantLock());
        if (thread.isHeldByCurrentThread()) {
            throw new IllegalStateException("this thread already holds the lock " + key);
        }
        lock(thread);
        try {
            Files.createDirectories(Objects.requireNonNull(key.getParent()));
            return new InstallLock(thread, lock(key));
        } catch (IOException | RuntimeException e) {
            thread.unlock();
            throw e;
        }
    }

    private static void lock(ReentrantLock thread) throws InterruptedIOException {
        try {
            thread.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for another installation");
        }
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                LOG.info("Another process holds {}; waiting for it.", file);
                channel.lock();
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Lets the next one in. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            thread.unlock();
        }
    }
}
