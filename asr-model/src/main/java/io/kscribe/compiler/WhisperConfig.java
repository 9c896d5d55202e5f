package io.kscribe.compiler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kscribe.model.ModelException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The dimensions of a Whisper model, as its {@code config.json} gives them.
 *
 * @param modelWidth features a position ({@code d_model})
 * @param melBins bins of the log-mel spectrogram, 80 or 128
 * @param encoderLayers blocks of the audio encoder
 * @param encoderHeads attention heads of an encoder block
 * @param encoderFeedForward hidden width of an encoder block's perceptron
 * @param decoderLayers blocks of the text decoder
 * @param decoderHeads attention heads of a decoder block
 * @param decoderFeedForward hidden width of a decoder block's perceptron
 * @param vocabulary tokens
 * @param audioPositions encoder positions of a full window, 1500 for 30 s
 * @param textPositions the longest token sequence, prompt included
 */
public record WhisperConfig(
        int modelWidth,
        int melBins,
        int encoderLayers,
        int encoderHeads,
        int encoderFeedForward,
        int decoderLayers,
        int decoderHeads,
        int decoderFeedForward,
        int vocabulary,
        int audioPositions,
        int textPositions) {
    private static final int WINDOW_POSITIONS = 1500;

    /** @throws IllegalArgumentException if the numbers are not those of a Whisper model */
    public WhisperConfig {
        if (melBins != 80 && melBins != 128) {
            throw new IllegalArgumentException("a Whisper model hears 80 or 128 mel bins, not " + melBins);
        }
        if (audioPositions != WINDOW_POSITIONS) {
            throw new IllegalArgumentException(
                    "a Whisper model has " + WINDOW_POSITIONS + " audio positions, not " + audioPositions);
        }
        for (int heads : new int[] {encoderHeads, decoderHeads}) {
            if (heads <= 0 || modelWidth % heads != 0) {
                throw new IllegalArgumentException(
                        "a width of " + modelWidth + " cannot be divided among " + heads + " attention heads");
            }
        }
    }

    /** Reads {@code config.json} of a checkpoint in Hugging Face's layout. */
    public static WhisperConfig read(Path directory) throws ModelException {
        Path file = directory.resolve("config.json");
        JsonNode json;
        try {
            json = new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new ModelException(file + " cannot be read as JSON: " + e.getMessage(), e);
        }
        String type = json.path("model_type").asText();
        if (!type.equals("whisper")) {
            throw new ModelException(file + " describes a model of type '" + type + "'; kscribe runs 'whisper'");
        }
        try {
            return new WhisperConfig(
                    positive(json, "d_model", file),
                    positive(json, "num_mel_bins", file),
                    positive(json, "encoder_layers", file),
                    positive(json, "encoder_attention_heads", file),
                    positive(json, "encoder_ffn_dim", file),
                    positive(json, "decoder_layers", file),
                    positive(json, "decoder_attention_heads", file),
                    positive(json, "decoder_ffn_dim", file),
                    positive(json, "vocab_size", file),
                    positive(json, "max_source_positions", file),
                    positive(json, "max_target_positions", file));
        } catch (IllegalArgumentException e) {
            throw new ModelException(file + " is not a Whisper model's: " + e.getMessage(), e);
        }
    }

    /** Features an attention head. */
    public int headWidth() {
        return modelWidth / decoderHeads;
    }

    private static int positive(JsonNode json, String field, Path file) throws ModelException {
        JsonNode value = json.path(field);
        if (!value.canConvertToInt() || value.asInt() <= 0) {
            throw new ModelException(file + " has no positive integer '" + field + "'");
        }
        return value.asInt();
    }
}
