package io.kscribe.model;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Knows the names of a checkpoint's files in Hugging Face's layout, and which of them must be there. */
final class CheckpointLayout {

    static final String CONFIG = "config.json";
    static final String GENERATION_CONFIG = "generation_config.json";
    static final String TOKENIZER = "tokenizer.json";
    static final String PREPROCESSOR_CONFIG = "preprocessor_config.json";

    /** The files that say how to use the weights, each of which must be there. */
    static final List<String> DESCRIPTIONS = List.of(CONFIG, GENERATION_CONFIG, TOKENIZER, PREPROCESSOR_CONFIG);

    /** Files that are taken if they are there. */
    static final List<String> EXTRAS = List.of(Checkpoint.SPELLINGS);

    static final String SAFETENSORS_INDEX = "model.safetensors.index.json";

    /** The sets of files that hold all weights, best first: any one set does. The index names further files. */
    static final List<List<String>> WEIGHTS = List.of(
            List.of("onnx/encoder_model.onnx", "onnx/decoder_model_merged.onnx"),
            List.of("onnx/encoder_model_quantized.onnx", "onnx/decoder_model_merged_quantized.onnx"),
            List.of("model.safetensors"),
            List.of(SAFETENSORS_INDEX));

    static final String WEIGHTS_IN_WORDS =
            "weights (onnx/encoder_model.onnx with onnx/decoder_model_merged.onnx, both or neither with _quantized before"
                    + " the dot, or model.safetensors)";

    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*\\.safetensors");

    private CheckpointLayout() {}

    /** The file in which an ONNX graph too large for one file keeps its weights. */
    static String externalData(String onnxFile) {
        return onnxFile + "_data";
    }

    /**
     * The files of a checkpoint in a directory, by their names relative to it.
     *
     * @throws ModelException if some must be there and are not, naming them
     */
    static List<String> filesIn(Path directory) throws IOException, ModelException {
        List<String> missing = new ArrayList<>();
        TreeSet<String> files = new TreeSet<>();
        for (String name : DESCRIPTIONS) {
            (has(directory, name) ? files : missing).add(name);
        }
        EXTRAS.stream().filter(name -> has(directory, name)).forEach(files::add);
        boolean whole = false;
        for (List<String> weights : WEIGHTS) {
            if (weights.stream().allMatch(name -> has(directory, name))) {
                whole = true;
                files.addAll(weights);
                weights.stream()
                        .map(CheckpointLayout::externalData)
                        .filter(name -> has(directory, name))
                        .forEach(files::add);
            }
        }
        if (files.contains(SAFETENSORS_INDEX)) {
            for (String shard : shards(directory.resolve(SAFETENSORS_INDEX))) {
                (has(directory, shard) ? files : missing).add(shard);
            }
        }
        if (!whole) {
            missing.add(WEIGHTS_IN_WORDS);
        }
        if (!missing.isEmpty()) {
            throw new ModelException(directory + " is not a whole checkpoint in Hugging Face's layout, it lacks "
                    + String.join(", ", missing));
        }
        return List.copyOf(files);
    }

    private static boolean has(Path directory, String name) {
        return Files.isRegularFile(directory.resolve(name));
    }

    /**
     * The files that an index of safetensors names.
     *
     * @throws ModelException if the index is not one, or names a file that is not beside it
     */
    static List<String> shards(Path index) throws IOException, ModelException {
        TreeSet<String> shards = new TreeSet<>();
        JsonNode weightMap;
        try {
            weightMap = new ObjectMapper().readTree(index.toFile()).path("weight_map");
        } catch (JacksonException e) {
            throw new ModelException(index + " is not JSON: " + e.getOriginalMessage(), e);
        }
        for (JsonNode shard : weightMap) {
            if (!SHARD.matcher(shard.asText()).matches()) {
                throw new ModelException(index + " names the file \"" + shard.asText()
                        + "\", expected the plain name of a .safetensors file beside it");
            }
            shards.add(shard.asText());
        }
        if (shards.isEmpty()) {
            throw new ModelException(index + " names no files, expected some in its weight_map");
        }
        return List.copyOf(shards);
    }
}
