package io.kscribe.model;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A published model on disk, in Hugging Face's layout: {@code config.json}, {@code generation_config.json}, {@code
 * tokenizer.json}, {@code preprocessor_config.json}, and {@code onnx/*.onnx} or {@code model.safetensors}.
 *
 * @param name what the user called it: {@code tiny}, {@code hf:owner/name} or a directory
 * @param directory the absolute directory that holds the files
 * @param sha256 64 lower-case hexadecimal digits over the files' names and contents: equal digits, equal model
 */
public record Checkpoint(String name, Path directory, String sha256) {

    /** The file in which some checkpoints bring a table of British and American spellings; not needed to recognise speech. */
    public static final String SPELLINGS = "normalizer.json";

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException if the name is blank, the directory relative or the hash not a SHA-256 */
    public Checkpoint {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a checkpoint's name must not be blank");
        }
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException("a checkpoint's directory must be absolute, got " + directory);
        }
        if (!SHA_256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("a checkpoint's sha256 must be 64 lower-case digits, got " + sha256);
        }
    }
}
