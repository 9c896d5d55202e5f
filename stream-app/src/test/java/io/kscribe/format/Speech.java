package io.kscribe.format;

import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.SpokenWord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What might have been said in a recording. */
final class Speech {
    private Speech() {}

    static Transcribed of(Segment... segments) {
        return new Transcribed(Duration.ofSeconds(20), List.of(segments));
    }

    /** A segment of words that take so long each, one right after the other. */
    static Segment segment(int channel, long startMillis, long wordMillis, String text) {
        List<SpokenWord> words = new ArrayList<>();
        long at = startMillis;
        for (String word : List.of(text.split(" ", -1))) {
            words.add(word(word, at, at + wordMillis));
            at += wordMillis;
        }
        return segment(channel, text, words);
    }

    static Segment segment(int channel, String text, List<SpokenWord> words) {
        return new Segment(
                channel,
                null,
                new RecognitionResult(
                        0,
                        1,
                        true,
                        text,
                        text.length(),
                        words,
                        words.get(0).startMillis(),
                        words.get(words.size() - 1).endMillis(),
                        "en",
                        0.87654f,
                        false));
    }

    static SpokenWord word(String text, long startMillis, long endMillis) {
        return new SpokenWord(text, startMillis, endMillis, 0.5f, true);
    }
}
