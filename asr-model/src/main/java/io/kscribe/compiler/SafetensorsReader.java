package io.kscribe.compiler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kscribe.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds the weights of a checkpoint in {@code model.safetensors}, or in the files that {@code model.safetensors.index.json} names.
 *
 * <p>Whisper scores tokens with the table that it looks them up in. Some checkpoints hold it twice, as
 * {@code model.decoder.embed_tokens.weight} and {@code proj_out.weight}; then the two must be equal.
 */
final class SafetensorsReader {
    private static final String FILE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String EMBEDDING = "decoder.embed_tokens.weight";
    private static final String PROJECTION = "proj_out.weight";
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private SafetensorsReader() {}

    static boolean canRead(Path directory) {
        return Files.exists(directory.resolve(FILE)) || Files.exists(directory.resolve(INDEX));
    }

    /**
     * The weights of a checkpoint directory, not yet read.
     *
     * @throws ModelException in one sentence that names the file, and the tensor if one is at fault
     */
    static Weights read(Path directory) throws ModelException {
        Weights weights = new Weights();
        if (Files.exists(directory.resolve(FILE))) {
            SafetensorsFile file = SafetensorsFile.open(directory.resolve(FILE));
            for (String name : file.names()) {
                weights.put(Weights.neutral(name), file.tensor(name));
            }
        } else {
            readShards(directory.resolve(INDEX), weights);
        }
        tie(weights);
        return weights;
    }

    private static void readShards(Path index, Weights weights) throws ModelException {
        JsonNode map;
        try {
            map = new ObjectMapper().readTree(index.toFile()).path("weight_map");
        } catch (IOException e) {
            throw new ModelException(index + " cannot be read as JSON: " + e.getMessage(), e);
        }
        Map<String, SafetensorsFile> shards = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String name = entry.getKey();
            String shard = entry.getValue().asText();
            if (!PLAIN_NAME.matcher(shard).matches() || !Files.exists(index.resolveSibling(shard))) {
                throw new ModelException(index + " says that tensor '" + name + "' is in \"" + shard
                        + "\", expected the name of a file beside it");
            }
            if (!shards.containsKey(shard)) {
                shards.put(shard, SafetensorsFile.open(index.resolveSibling(shard)));
            }
            weights.put(Weights.neutral(name), shards.get(shard).tensor(name));
        }
    }

    private static void tie(Weights weights) throws ModelException {
        if (!weights.has(PROJECTION)) {
            return;
        }
        TensorSource projection = weights.source(PROJECTION);
        if (!weights.has(EMBEDDING)) {
            weights.put(EMBEDDING, projection);
            return;
        }
        TensorSource embedding = weights.source(EMBEDDING);
        if (!Arrays.equals(embedding.shape(), projection.shape())
                || !Arrays.equals(embedding.read().values(), projection.read().values())) {
            throw new ModelException("tensors '" + PROJECTION + "' and '" + EMBEDDING
                    + "' differ; a Whisper model scores tokens with the table that it looks them up in");
        }
    }
}
