package io.kscribe.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes {@code .safetensors} files of numbers that every type holds exactly. */
public final class SafetensorsWriter {
    private final ObjectNode header = new ObjectMapper().createObjectNode();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final String type;

    /**
     * An empty file.
     *
     * @param type F32, F16 or BF16
     */
    public SafetensorsWriter(String type) {
        this.type = type;
        header.putObject("__metadata__").put("format", "pt");
    }

    /** Adds a tensor. */
    public SafetensorsWriter tensor(String name, float[] values, int... shape) {
        int begin = data.size();
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (type) {
                case "F32" -> bytes.putFloat(value);
                case "F16" -> bytes.putShort(float16(value));
                case "BF16" -> bytes.putShort((short) (Float.floatToIntBits(value) >>> 16));
                default -> throw new IllegalArgumentException(type);
            }
        }
        data.write(bytes.array(), 0, bytes.position());
        ObjectNode entry = header.putObject(name).put("dtype", type);
        for (int length : shape) {
            entry.withArrayProperty("shape").add(length);
        }
        entry.withArrayProperty("shape");
        entry.putArray("data_offsets").add(begin).add(data.size());
        return this;
    }

    private static short float16(float value) {
        int bits = Float.floatToIntBits(value);
        int exponent = Math.getExponent(value);
        int magnitude =
                exponent < -14 ? Math.round(Math.abs(value) * 0x1p24f) : (exponent + 15) << 10 | (bits >>> 13 & 0x3FF);
        return (short) (bits >>> 16 & 0x8000 | magnitude);
    }

    /** Writes the file. */
    public void write(Path file) throws IOException {
        write(file, header.toString(), data.toByteArray());
    }

    /** Writes a file of any header and data. */
    public static void write(Path file, String header, byte... data) throws IOException {
        byte[] json = header.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, bytes.putLong(json.length).put(json).put(data).array());
    }
}
