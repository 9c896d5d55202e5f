package io.kscribe.engine;

import java.util.Map;

/**
 * How far behind the speech a model's alignment heads listen when a word is written.
 *
 * <p>A property of the weights that differs from size to size: tiny listens to the end of a word and what comes after it, base and
 * small to its beginning. The medians were measured where one word follows another without a pause, on 143 utterances of LibriSpeech
 * test-clean against a forced alignment; either half of them gives the same.
 */
final class AttentionLag {
    /** What tells OpenAI's checkpoints, and those tuned from them, apart. */
    private record Shape(int decoderLayers, int alignmentHeads) {}

    private static final Map<Shape, Integer> MILLIS = Map.of(
            new Shape(4, 6), 80, // tiny
            new Shape(6, 8), -40, // base
            new Shape(12, 10), -40); // small

    private AttentionLag() {}

    /** The lag in milliseconds, below 0 if attention is ahead of the speech; 0 for a model that was not measured. */
    static int millis(int decoderLayers, int alignmentHeads) {
        return MILLIS.getOrDefault(new Shape(decoderLayers, alignmentHeads), 0);
    }
}
