package io.kscribe.compiler;

import io.kscribe.model.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A tensor that lies in a file as plain little-endian numbers, row-major. The file may be of any size: what is read is streamed.
 *
 * @param name what the file calls it
 * @param file the file
 * @param offset where it begins, in bytes
 * @param type its numbers' type
 * @param shape the length of each axis, outermost first
 */
@SuppressWarnings("ArrayRecordComponent") // a reference to bulk numbers, never compared
record StoredTensor(String name, Path file, long offset, NumberType type, int[] shape) implements TensorSource {
    private static final int CHUNK_BYTES = 1 << 20;

    StoredTensor {
        if (offset < 0) {
            throw new IllegalArgumentException("a tensor cannot begin at byte " + offset);
        }
    }

    @Override
    public Tensor read() throws ModelException {
        float[] values = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.position(offset);
            for (int at = 0; at < values.length; ) {
                chunk.clear().limit((int) Math.min(CHUNK_BYTES, (long) type.bytes() * (values.length - at)));
                fill(chunk, channel);
                while (chunk.hasRemaining()) {
                    values[at++] = type.next(chunk);
                }
            }
        } catch (IOException e) {
            throw new ModelException("tensor '" + name + "' in " + file + " cannot be read: " + e, e);
        }
        return new Tensor(values, shape);
    }

    private void fill(ByteBuffer chunk, FileChannel channel) throws IOException, ModelException {
        while (chunk.hasRemaining()) {
            if (channel.read(chunk) < 0) {
                throw new ModelException(
                        "tensor '" + name + "' in " + file + " is torn: the file ends at byte " + channel.size());
            }
        }
        chunk.flip();
    }
}
