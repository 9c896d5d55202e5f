package io.kscribe.evaluation;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A recording of a corpus and what is said in it.
 *
 * @param id its name within the corpus
 * @param audio the files that, one after another, are the recording; at least one
 * @param reference what is said; blank: nothing, so that every word written is invented; empty: it is not known
 * @param language ISO 639-1; empty: it is not known
 */
public record Utterance(String id, List<Path> audio, Optional<String> reference, Optional<String> language) {
    /** @throws IllegalArgumentException without an id or audio */
    public Utterance {
        audio = List.copyOf(audio);
        if (id.isBlank()) {
            throw new IllegalArgumentException("an utterance's id must not be blank");
        }
        if (audio.isEmpty()) {
            throw new IllegalArgumentException("the utterance " + id + " has no audio");
        }
    }

    /** Whether it is known that nobody speaks. */
    public boolean isSilent() {
        return reference.isPresent() && reference.get().isBlank();
    }
}
