package io.kscribe.gateway;

import io.kscribe.gateway.ChunkSender.Waiting;
import io.kscribe.schema.AudioChunk;
import io.kscribe.stream.CallOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes chunks of a call's audio, numbers them, and knows what became of them.
 *
 * <p>A chunk is {@link #CHUNK} long, the last one apart, whatever the size of the pieces in which audio comes, and whoever cuts it: a
 * number therefore stands for a time, see {@link Calls}. Guarded by its connection.
 */
final class CallIngest {

    /** How much audio is in a chunk. */
    static final Duration CHUNK = CallOptions.DEFAULT_CHUNK;

    /** Hears of deliveries, on a thread of the producer's. */
    interface Listener {
        void delivered(CallIngest ingest, Line line, int bytes);

        void failed(CallIngest ingest, Line line, int bytes, Exception failure);
    }

    /** One channel of the call. */
    static final class Line {
        private final CallStart.Line said;
        private final byte[] pending;
        private int pendingBytes;
        private long number;
        private int outstanding;
        private long deliveredBytes;
        private long lostBytes;

        private Line(CallStart.Line said, int chunkBytes, long number) {
            this.said = said;
            this.pending = new byte[chunkBytes];
            this.number = number;
        }
    }

    private final CallStart start;
    private final ChunkSender sender;
    private final InstantSource clock;
    private final Listener listener;
    private final Waiting waiting = new Waiting();
    private final List<Line> lines = new ArrayList<>();
    private final Map<String, String> keys = new HashMap<>();
    private boolean closed;

    /**
     * An ingest of a call that begins, or goes on.
     *
     * @param first the number of each channel's first chunk
     */
    CallIngest(CallStart start, long first, ChunkSender sender, InstantSource clock, Listener listener) {
        this.start = start;
        this.sender = sender;
        this.clock = clock;
        this.listener = listener;
        int chunkBytes = start.format().bytes(CHUNK);
        for (CallStart.Line line : start.lines()) {
            lines.add(new Line(line, chunkBytes, first));
        }
    }

    CallStart start() {
        return start;
    }

    /** The number that the channel's next chunk would have. */
    long next(int line) {
        return lines.get(line).number;
    }

    /** Takes audio; false if Kafka is so far behind that not all of it could be kept. */
    boolean audio(int index, ByteBuffer samples) {
        Line line = lines.get(index);
        boolean taken = true;
        while (samples.hasRemaining() && !closed) {
            int bytes = Math.min(line.pending.length - line.pendingBytes, samples.remaining());
            samples.get(line.pending, line.pendingBytes, bytes);
            line.pendingBytes += bytes;
            if (line.pendingBytes == line.pending.length) {
                taken &= cut(line, false, false);
            }
        }
        return taken;
    }

    /** Puts silence in the place of audio that was lost on its way here. */
    boolean silence(int index, Duration time) {
        byte[] silence = new byte[start.format().bytes(time)];
        Arrays.fill(silence, start.format().silence());
        return audio(index, ByteBuffer.wrap(silence));
    }

    /** Notes a key; the chunk in which it was pressed says so. */
    void key(String digit) {
        keys.merge("dtmf", digit, String::concat);
    }

    /** The call is over: what is left goes out, and says so. */
    void end() {
        if (!closed) {
            lines.forEach(line -> cut(line, true, true));
            closed = true;
        }
    }

    /**
     * The connection is over, but maybe not the call. What is left of a chunk goes out, unless the client counts: it will send from
     * the last whole one again.
     */
    void breakOff() {
        if (closed) {
            return;
        }
        for (Line line : lines) {
            if (line.pendingBytes > 0 && start.position() == null) {
                cut(line, false, true);
            }
        }
        closed = true;
    }

    private boolean cut(Line line, boolean endOfStream, boolean always) {
        int bytes = line.pendingBytes;
        line.pendingBytes = 0;
        AudioChunk chunk = AudioChunk.newBuilder()
                .setCallId(start.callId())
                .setChannel(line.said.channel())
                .setRole(line.said.role())
                .setSequence(line.number)
                .setCapturedAt(clock.instant())
                .setEncoding(start.format().encoding())
                .setSampleRate(start.format().rateHz())
                .setPayload(ByteBuffer.wrap(Arrays.copyOf(line.pending, bytes)))
                .setEndOfStream(endOfStream)
                .setLanguage(start.language())
                .setAttributes(attributes())
                .build();
        line.outstanding++;
        boolean taken = sender.send(chunk, waiting, always, failure -> known(line, bytes, failure));
        if (taken) {
            line.number++;
        } else {
            line.outstanding--;
            line.lostBytes += bytes;
        }
        return taken;
    }

    private Map<String, String> attributes() {
        if (keys.isEmpty()) {
            return start.attributes();
        }
        Map<String, String> all = new HashMap<>(start.attributes());
        all.putAll(keys);
        keys.clear();
        return all;
    }

    private void known(Line line, int bytes, @Nullable Exception failure) {
        if (failure == null) {
            listener.delivered(this, line, bytes);
        } else {
            listener.failed(this, line, bytes, failure);
        }
    }

    /** Notes that Kafka has a chunk; whether that brings {@link #upToMillis} on. */
    boolean noteDelivered(Line line, int bytes) {
        long before = upToMillis();
        line.outstanding--;
        if (line.lostBytes == 0) {
            line.deliveredBytes += bytes;
        }
        return upToMillis() > before;
    }

    /** Notes that Kafka will not have a chunk. */
    void noteFailed(Line line, int bytes) {
        line.outstanding--;
        line.lostBytes += bytes;
    }

    /** How far Kafka has the audio of all channels, without a hole, from the start of the call. */
    long upToMillis() {
        long delivered = lines.stream()
                .mapToLong(line -> start.format().millis(line.deliveredBytes))
                .min()
                .orElse(0);
        return delivered + (start.position() == null ? 0 : start.position().toMillis());
    }

    /** How much audio was lost here, on the channel that lost most. */
    long lostMillis() {
        return lines.stream()
                .mapToLong(line -> start.format().millis(line.lostBytes))
                .max()
                .orElse(0);
    }

    /** How full the buffers are, from 0 to 1. */
    double fullness() {
        return sender.fullness(waiting);
    }

    /** Whether nothing waits for Kafka any more. */
    boolean allKnown() {
        return lines.stream().allMatch(line -> line.outstanding == 0);
    }
}
