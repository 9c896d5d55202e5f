package io.kscribe.evaluation;

import java.time.Duration;
import java.util.List;

/**
 * Says how well and how fast an utterance was transcribed.
 *
 * @param utterance what was transcribed
 * @param hypothesis what was written
 * @param said the reference's units, words or characters, normalised; none if nobody speaks or it is not known
 * @param written the hypothesis's units
 * @param inCharacters whether the units are characters
 * @param audio how long the recording is
 * @param processing how long recognising it took
 */
public record UtteranceScore(
        Utterance utterance,
        String hypothesis,
        List<String> said,
        List<String> written,
        boolean inCharacters,
        Duration audio,
        Duration processing) {
    public UtteranceScore {
        said = List.copyOf(said);
        written = List.copyOf(written);
    }

    /**
     * Compares what was written with what was said.
     *
     * @param heard the language that was recognised, for utterances whose language is not known
     */
    public static UtteranceScore of(
            Utterance utterance,
            String hypothesis,
            String heard,
            Spellings spellings,
            Duration audio,
            Duration processing) {
        String language = utterance.language().orElse(heard);
        TextNormalizer normalizer = TextNormalizer.of(language, spellings);
        return new UtteranceScore(
                utterance,
                hypothesis,
                normalizer.units(utterance.reference().orElse("")),
                normalizer.units(hypothesis),
                TextNormalizer.isUnspaced(language),
                audio,
                processing);
    }

    /** Whether what is said is known, and that somebody speaks. */
    public boolean isComparable() {
        return utterance.reference().isPresent() && !utterance.isSilent();
    }

    /** The errors; none if what is said is not known. */
    public ErrorRate errors() {
        return utterance.reference().isPresent() ? ErrorRate.of(said, written) : ErrorRate.ZERO;
    }
}
