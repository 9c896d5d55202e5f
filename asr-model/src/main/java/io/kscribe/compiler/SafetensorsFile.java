package io.kscribe.compiler;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kscribe.model.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table of contents of a {@code .safetensors} file, whose tensors are read when they are asked for.
 *
 * <p>A file is 8 bytes with the header's length (little-endian), the header, and the tensors' data. The header is a JSON object: for each
 * tensor its {@code dtype}, {@code shape} and {@code data_offsets}, the first byte and the one after the last, counted from the end of the
 * header; and {@code __metadata__}, which says nothing about the numbers. The format is that of Hugging Face's
 * <a href="https://github.com/huggingface/safetensors">safetensors</a>.
 */
final class SafetensorsFile {
    /** The longest header that is read, in bytes; that of the format's reference implementation. */
    static final int LONGEST_HEADER_BYTES = 100_000_000;

    private static final String METADATA = "__metadata__";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final long dataStart;
    private final long dataBytes;

    private SafetensorsFile(Path file, JsonNode header, long dataStart, long dataBytes) throws ModelException {
        this.file = file;
        this.dataStart = dataStart;
        this.dataBytes = dataBytes;
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (!field.getKey().equals(METADATA)) {
                entries.put(field.getKey(), entry(field.getKey(), field.getValue()));
            }
        }
    }

    /** What the header says of a tensor. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry(String dtype, int[] shape, long begin) {}

    /**
     * Reads a file's header and checks that every tensor of a type that can be read lies whole inside the file.
     *
     * @throws ModelException in one sentence that names the file, and the tensor if one is at fault
     */
    static SafetensorsFile open(Path file) throws ModelException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < Long.BYTES) {
                throw torn(file, "it has " + size + " bytes, the length of its header alone takes " + Long.BYTES);
            }
            long headerBytes = read(channel, Long.BYTES).getLong();
            if (headerBytes < 0 || headerBytes > LONGEST_HEADER_BYTES) {
                throw torn(
                        file,
                        "its header would take " + Long.toUnsignedString(headerBytes) + " bytes, the limit is "
                                + LONGEST_HEADER_BYTES);
            }
            long dataStart = Long.BYTES + headerBytes;
            if (dataStart > size) {
                throw torn(file, "its header ends at byte " + dataStart + ", the file has " + size);
            }
            byte[] header = read(channel, (int) headerBytes).array();
            if (header.length == 0 || header[0] != '{') {
                throw torn(file, "its header does not begin with a brace");
            }
            return new SafetensorsFile(file, JSON.readTree(header), dataStart, size - dataStart);
        } catch (JacksonException e) {
            throw new ModelException(
                    file + " is no whole safetensors file: its header is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ModelException(file + " cannot be read: " + e, e);
        }
    }

    private static ModelException torn(Path file, String why) {
        return new ModelException(file + " is no whole safetensors file: " + why);
    }

    private static ByteBuffer read(FileChannel channel, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
        return buffer.flip();
    }

    private Entry entry(String name, JsonNode json) throws ModelException {
        JsonNode offsets = json.path("data_offsets");
        JsonNode begin = offsets.path(0);
        JsonNode end = offsets.path(1);
        int @Nullable [] shape = shape(json.path("shape"));
        if (!json.path("dtype").isTextual() || shape == null || offsets.size() != 2 || !isLong(begin) || !isLong(end)) {
            throw fault(
                    name, "is described by " + json + ", expected a \"dtype\", a \"shape\" and two \"data_offsets\"");
        }
        long bytes = end.asLong() - begin.asLong();
        if (begin.asLong() < 0 || bytes < 0 || end.asLong() > dataBytes) {
            throw fault(
                    name,
                    "is torn: its data_offsets are " + offsets + ", the file holds " + dataBytes + " bytes of data");
        }
        String dtype = json.path("dtype").asText();
        Optional<NumberType> type = type(dtype);
        if (type.isPresent() && bytes != elements(name, shape) * type.get().bytes()) {
            throw fault(
                    name,
                    "is torn: " + json.path("shape") + " numbers of type " + dtype + " take "
                            + elements(name, shape) * type.get().bytes() + " bytes, its data_offsets give " + bytes);
        }
        return new Entry(dtype, shape, begin.asLong());
    }

    private static boolean isLong(JsonNode json) {
        return json.isIntegralNumber() && json.canConvertToLong();
    }

    private static int @Nullable [] shape(JsonNode json) {
        int[] shape = new int[json.size()];
        for (int axis = 0; axis < shape.length; axis++) {
            if (!isLong(json.path(axis))
                    || !json.path(axis).canConvertToInt()
                    || json.path(axis).asInt() < 0) {
                return null;
            }
            shape[axis] = json.path(axis).asInt();
        }
        return json.isArray() ? shape : null;
    }

    /** How many numbers a tensor has; no more than an array can hold. */
    private long elements(String name, int[] shape) throws ModelException {
        long elements = 1;
        for (int length : shape) {
            elements *= length;
            if (elements > Integer.MAX_VALUE) {
                throw fault(name, "has more than " + Integer.MAX_VALUE + " numbers");
            }
        }
        return elements;
    }

    private ModelException fault(String name, String what) {
        return new ModelException("tensor '" + name + "' in " + file + " " + what);
    }

    private static Optional<NumberType> type(String dtype) {
        for (NumberType type : NumberType.values()) {
            if (type.name().equals(dtype)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The names of the tensors, in the order of the header. */
    Set<String> names() {
        return entries.keySet();
    }

    /**
     * A tensor, not yet read.
     *
     * @throws ModelException if the file has none of that name
     */
    TensorSource tensor(String name) throws ModelException {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new ModelException(file + " has no tensor '" + name + "'");
        }
        Optional<NumberType> type = type(entry.dtype());
        return type.isPresent()
                ? new StoredTensor(name, file, dataStart + entry.begin(), type.get(), entry.shape())
                : new Unreadable(name, entry);
    }

    /** A tensor of another type: it may well be there, as long as the model does not need it. */
    private final class Unreadable implements TensorSource {
        private final String name;
        private final Entry entry;

        private Unreadable(String name, Entry entry) {
            this.name = name;
            this.entry = entry;
        }

        @Override
        public int[] shape() {
            return entry.shape();
        }

        @Override
        public Tensor read() throws ModelException {
            throw fault(name, "is of type " + entry.dtype() + "; F32, F16 and BF16 are read");
        }
    }
}
