package io.kscribe.evaluation;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kscribe.model.Checkpoint;
import io.kscribe.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Knows which spellings are the same English word: British ones and their American counterparts.
 *
 * @param american the American spelling by the British one, lower case
 */
public record Spellings(Map<String, String> american) {
    public Spellings {
        american = Map.copyOf(american);
    }

    /** Knows none: each spelling is a word of its own. */
    public static Spellings none() {
        return new Spellings(Map.of());
    }

    /**
     * Reads the table that comes with a checkpoint.
     *
     * @param checkpointDirectory where {@value Checkpoint#SPELLINGS} may lie
     * @return {@link #none()} if it does not
     * @throws ModelException if the file is not an object of strings
     */
    public static Spellings of(Path checkpointDirectory) throws ModelException {
        Path table = checkpointDirectory.resolve(Checkpoint.SPELLINGS);
        if (!Files.exists(table)) {
            return none();
        }
        try {
            return new Spellings(
                    new ObjectMapper().readValue(table.toFile(), new TypeReference<Map<String, String>>() {}));
        } catch (JacksonException e) {
            throw new ModelException(table + " is not an object of words and spellings: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ModelException(table + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** A word in its American spelling; any other as it is. */
    String american(String word) {
        return american.getOrDefault(word, word);
    }
}
