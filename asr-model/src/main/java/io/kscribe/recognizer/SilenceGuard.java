package io.kscribe.recognizer;

import io.kscribe.engine.Transcription;
import java.time.Duration;
import java.util.List;

/**
 * Tells texts of speech from texts that the model made up of a cough or a door.
 *
 * <p>It takes both witnesses. A second of speech stands whatever the model thinks of it. Below that, the less clearly the detector heard,
 * the less doubt of the model's is enough: so a clear "yes" is speech, and what a sneeze sounds like is not. And nobody says a sentence in
 * the time of a sneeze. What remains doubtful is heard a second time, a little later in the window: a word that was said is found again,
 * often more surely, while of a laugh the model makes another text each time. The thresholds were set on development recordings of single digits, noise and music; the module's README has
 * what they gain and cost there.
 */
final class SilenceGuard {
    /** Speech that the detector is sure of for this long is speech, even if the model doubts it. */
    static final Duration CERTAIN_SPEECH = Duration.ofSeconds(1);

    /** Speech is clear if the detector's mean probability over its frames reaches this. */
    static final double CLEAR_SPEECH = 0.85;

    /** The least mean log-probability of a short text that was heard unclearly. */
    static final float TRUSTED_IF_UNCLEAR = -1;

    /** Below this mean log-probability the model's own estimate that nobody speaks counts against clear speech. */
    static final float TRUSTED_IF_CLEAR = -1.35f;

    /** The no-speech estimate that counts, as in OpenAI's reference. */
    static final float NO_SPEECH = 0.6f;

    /** More characters than anyone says in a second; a few more may be said before and after what the detector hears. */
    static final int CHARACTERS_A_SECOND = 30;

    static final int CHARACTERS_UNHEARD = 8;

    /** Below this mean log-probability a short text that was heard unclearly is doubtful. */
    static final float SURE_IF_UNCLEAR = -0.75f;

    /** Below this mean log-probability a short text that was heard clearly is doubtful. */
    static final float SURE_IF_CLEAR = -1;

    /** How much later in the window a doubtful sound is heard the second time. */
    static final Duration SHIFT = Duration.ofMillis(150);

    private SilenceGuard() {}

    /** Whether an island's text may be speech, but should be heard once more. */
    static boolean isDoubtful(Island island, Transcription transcription) {
        return !isSilence(island, transcription)
                && isDoubtful(island.speech(), island.clarity(), transcription.averageLogProbability());
    }

    private static boolean isDoubtful(Duration speech, double clarity, float averageLogProbability) {
        return speech.compareTo(CERTAIN_SPEECH) < 0
                && averageLogProbability < (clarity < CLEAR_SPEECH ? SURE_IF_UNCLEAR : SURE_IF_CLEAR);
    }

    /**
     * Judges a doubtful island by two hearings.
     *
     * @return the likelier text if it is not doubtful, or if both say the same and are no silence in the mean; else one without words
     */
    static Transcription judge(Island island, Transcription first, Transcription second) {
        Transcription likelier = first.averageLogProbability() >= second.averageLogProbability() ? first : second;
        boolean sure = !isSilence(island, likelier) && !isDoubtful(island, likelier);
        float mean = (first.averageLogProbability() + second.averageLogProbability()) / 2;
        boolean found = Letters.of(first.text()).equals(Letters.of(second.text()))
                && !isSilence(island.speech(), island.clarity(), mean, likelier.noSpeechProbability());
        return sure || found ? likelier : withoutWords(likelier);
    }

    private static Transcription withoutWords(Transcription text) {
        return new Transcription(
                text.language(),
                text.languageProbability(),
                List.of(),
                "",
                List.of(),
                List.of(),
                text.averageLogProbability(),
                text.noSpeechProbability(),
                text.temperature(),
                text.complete());
    }

    /** Whether an island's text stands for no speech. */
    static boolean isSilence(Island island, Transcription transcription) {
        return transcription.text().isEmpty()
                || isMoreThanSayable(transcription.text(), island.speech())
                || isSilence(
                        island.speech(),
                        island.clarity(),
                        transcription.averageLogProbability(),
                        transcription.noSpeechProbability());
    }

    /** Whether a text is longer than what anyone says in that time; what the detector has heard for long it may have heard in part. */
    static boolean isMoreThanSayable(String text, Duration speech) {
        long sayable = CHARACTERS_UNHEARD + CHARACTERS_A_SECOND * speech.toMillis() / 1000;
        return speech.compareTo(CERTAIN_SPEECH) < 0 && text.length() > sayable;
    }

    /**
     * Whether a text stands for no speech.
     *
     * @param speech how much speech the detector heard
     * @param clarity its mean probability over those frames, 0 to 1
     * @param averageLogProbability of the text, at most 0
     * @param noSpeechProbability the model's own estimate, 0 to 1
     */
    static boolean isSilence(Duration speech, double clarity, float averageLogProbability, float noSpeechProbability) {
        if (speech.compareTo(CERTAIN_SPEECH) >= 0) {
            return false;
        }
        return clarity < CLEAR_SPEECH
                ? averageLogProbability < TRUSTED_IF_UNCLEAR
                : averageLogProbability < TRUSTED_IF_CLEAR && noSpeechProbability > NO_SPEECH;
    }
}
