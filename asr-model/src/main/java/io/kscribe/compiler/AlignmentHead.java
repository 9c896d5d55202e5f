package io.kscribe.compiler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kscribe.model.ModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A decoder head whose cross-attention follows the audio, and so says when a word was spoken.
 *
 * @param layer the decoder layer, from 0
 * @param head the head within the layer, from 0
 */
record AlignmentHead(int layer, int head) {
    /**
     * The heads named by {@code generation_config.json}, in the order of layers. Where it names none, or heads that the decoder does not
     * have (distilled models are published with their teacher's), every head of the decoder's upper half, as OpenAI's reference does for
     * models that name none.
     */
    static List<AlignmentHead> read(Path directory, WhisperConfig config) throws ModelException {
        Path file = directory.resolve("generation_config.json");
        JsonNode named;
        try {
            named = new ObjectMapper().readTree(file.toFile()).path("alignment_heads");
        } catch (IOException e) {
            throw new ModelException(file + " cannot be read as JSON: " + e.getMessage(), e);
        }
        List<AlignmentHead> heads = new ArrayList<>();
        for (JsonNode pair : named) {
            AlignmentHead head =
                    new AlignmentHead(pair.path(0).asInt(-1), pair.path(1).asInt(-1));
            if (head.layer < 0 || head.head < 0) {
                throw new ModelException(
                        file + " names the alignment head " + pair + ", expected the numbers of a layer and a head");
            }
            heads.add(head);
        }
        if (!heads.stream().allMatch(head -> head.isIn(config))) {
            heads.clear();
        }
        if (heads.isEmpty()) {
            for (int layer = config.decoderLayers() / 2; layer < config.decoderLayers(); layer++) {
                for (int head = 0; head < config.decoderHeads(); head++) {
                    heads.add(new AlignmentHead(layer, head));
                }
            }
        }
        heads.sort(Comparator.comparingInt(AlignmentHead::layer).thenComparingInt(AlignmentHead::head));
        return List.copyOf(heads);
    }

    private boolean isIn(WhisperConfig config) {
        return layer < config.decoderLayers() && head < config.decoderHeads();
    }
}
