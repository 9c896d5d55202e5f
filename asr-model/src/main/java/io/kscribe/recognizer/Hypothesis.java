package io.kscribe.recognizer;

import io.kscribe.engine.DecodedToken;
import io.kscribe.engine.TimedWord;
import io.kscribe.engine.Transcription;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is believed of an island while it is still being spoken, and how much of that is stable.
 *
 * <p>A word is held when two successive hypotheses agree on it and on all before it (local agreement, Liu et al., "Low-Latency
 * Sequence-to-Sequence Speech Recognition and Translation by Partial Hypothesis Selection", 2020), and the decoder's attention
 * put its end far enough from the end of the audio. Words that are held are the forced beginning of the next hypothesis, so that the text does
 * not flicker; the rest of the last hypothesis is the draft of the next. Those of them that the model was sure of when it wrote them, up to
 * the first that it was not, are stable: what it doubts is what a final changes, however many hypotheses agree on it.
 */
final class Hypothesis {
    private List<DecodedToken> tokens = List.of();
    private int heldTokens;
    private int stableTokens;
    private int stableChars;
    private long stableEndMillis;
    private long audioMillis;
    private int shownWords;
    private boolean published;
    private boolean concluded;
    private @Nullable Transcription last;

    /** Nothing is believed yet. */
    Hypothesis() {}

    /** Goes on from what was stable before. */
    Hypothesis(StableText before) {
        tokens = before.tokens();
        heldTokens = tokens.size();
        stableTokens = heldTokens;
        stableChars = before.chars();
        stableEndMillis = before.endMillis();
        audioMillis = before.audioMillis();
        published = stableTokens > 0;
        concluded = before.over();
    }

    List<DecodedToken> tokens() {
        return tokens;
    }

    /** How many of the tokens the next hypothesis is to begin with. */
    int heldTokens() {
        return heldTokens;
    }

    int stableTokens() {
        return stableTokens;
    }

    /** Leading characters of the text that are stable. */
    int stableChars() {
        return stableChars;
    }

    /** How many of the last hypothesis's words are to be shown. */
    int shownWords() {
        return shownWords;
    }

    /** Where the last stable word ends, from the island's start. */
    long stableEndMillis() {
        return stableEndMillis;
    }

    /** Whether a text of so much audio would be news. */
    boolean wants(long nextAudioMillis) {
        return !concluded && nextAudioMillis > audioMillis;
    }

    /** What is stable, to be kept. */
    StableText stable(long island, boolean over) {
        return new StableText(island, over, tokens.subList(0, stableTokens), stableChars, audioMillis, stableEndMillis);
    }

    /**
     * A final that begins with what is stable: the one that was decoded, what it adds to the last stable word as a word of its own;
     * or, if it does not begin so, what was believed last.
     */
    Transcription kept(Transcription decoded) {
        if (keepsStable(decoded)) {
            return decoded;
        }
        if (commonTokens(decoded) >= stableTokens) {
            return withStableWordEnded(decoded);
        }
        return last == null ? decoded : last;
    }

    private Transcription withStableWordEnded(Transcription grown) {
        List<TimedWord> words = new ArrayList<>();
        int fromToken = 0;
        int fromChar = 0;
        for (TimedWord word : grown.words()) {
            if (fromToken < stableTokens && word.endToken() > stableTokens) {
                String stable = grown.text().substring(fromChar, stableChars).strip();
                String added = grown.text().substring(stableChars, word.endChar());
                words.add(new TimedWord(
                        stable, word.startMillis(), word.endMillis(), word.confidence(), stableTokens, stableChars));
                words.add(new TimedWord(
                        added,
                        word.endMillis(),
                        word.endMillis(),
                        word.confidence(),
                        word.endToken(),
                        word.endChar() + 1));
            } else {
                int shift = fromToken < stableTokens ? 0 : 1;
                words.add(new TimedWord(
                        word.text(),
                        word.startMillis(),
                        word.endMillis(),
                        word.confidence(),
                        word.endToken(),
                        word.endChar() + shift));
            }
            fromToken = word.endToken();
            fromChar = word.endChar();
        }
        return new Transcription(
                grown.language(),
                grown.languageProbability(),
                grown.tokens(),
                grown.text().substring(0, stableChars) + " " + grown.text().substring(stableChars),
                words,
                grown.segments(),
                grown.averageLogProbability(),
                grown.noSpeechProbability(),
                grown.temperature(),
                grown.complete());
    }

    /** Whether there was ever a word to be shown. */
    boolean published() {
        return published;
    }

    /**
     * Takes the next hypothesis if it begins with what is stable, and rests on more audio than the last.
     *
     * @param nextAudioMillis the length of the audio behind it
     * @param displayMillis how far from the audio's end a word must lie to be shown, times how much it is doubted
     * @param stableMillis how far from the audio's end a word must lie to become stable
     * @param stableProbability the least probability of a token of a word that becomes stable
     * @return whether it was taken
     */
    boolean accept(
            Transcription next, long nextAudioMillis, long displayMillis, long stableMillis, float stableProbability) {
        if (!keepsStable(next) || !wants(nextAudioMillis)) {
            return false;
        }
        int agreed = commonTokens(next);
        heldTokens = Math.max(stableTokens, Math.min(heldTokens, agreed));
        for (TimedWord word : next.words()) {
            if (word.endToken() > agreed || word.endMillis() > nextAudioMillis - stableMillis) {
                break;
            }
            heldTokens = Math.max(heldTokens, word.endToken());
            if (word.endToken() > stableTokens
                    && leastProbability(tokens, stableTokens, word.endToken()) >= stableProbability
                    && leastProbability(next.tokens(), stableTokens, word.endToken()) >= stableProbability) {
                stableTokens = word.endToken();
                stableChars = word.endChar();
            }
            if (word.endToken() <= stableTokens) {
                stableEndMillis = word.endMillis();
            }
        }
        last = next;
        tokens = next.tokens();
        audioMillis = nextAudioMillis;
        shownWords = shownWords(next, displayMillis);
        published |= shownWords > 0;
        return true;
    }

    /** The words that are held, and those after them up to the first that lies too near to the end of the audio for how much it is doubted. */
    private int shownWords(Transcription next, long displayMillis) {
        int shown = 0;
        int fromToken = 0;
        for (TimedWord word : next.words()) {
            float doubt = 1 - leastProbability(next.tokens(), fromToken, word.endToken());
            if (word.endToken() > heldTokens && word.endMillis() + doubt * displayMillis > audioMillis) {
                break;
            }
            fromToken = word.endToken();
            shown++;
        }
        return shown;
    }

    private static float leastProbability(List<DecodedToken> tokens, int from, int to) {
        float least = 1;
        for (DecodedToken token : tokens.subList(from, to)) {
            least = Math.min(least, token.probability());
        }
        return least;
    }

    /** Whether a text begins with the stable words; the last of them may have got punctuation, but no letter. */
    private boolean keepsStable(Transcription next) {
        if (stableTokens == 0) {
            return true;
        }
        if (commonTokens(next) < stableTokens) {
            return false;
        }
        for (TimedWord word : next.words()) {
            if (word.endToken() >= stableTokens) {
                return next.text()
                        .substring(Math.min(stableChars, word.endChar()), word.endChar())
                        .codePoints()
                        .noneMatch(Character::isLetterOrDigit);
            }
        }
        return false;
    }

    private int commonTokens(Transcription next) {
        int limit = Math.min(tokens.size(), next.tokens().size());
        int common = 0;
        while (common < limit
                && tokens.get(common).id() == next.tokens().get(common).id()) {
            common++;
        }
        return common;
    }
}
