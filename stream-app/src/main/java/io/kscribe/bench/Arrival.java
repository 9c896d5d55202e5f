package io.kscribe.bench;

import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.ShownResult;
import io.kscribe.recognizer.SpokenWord;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A transcript, and when a reader of its topic had it: a final after its transaction was committed.
 *
 * @param transcript as it came
 * @param at by the clock that chunks are stamped with
 */
public record Arrival(Transcript transcript, Instant at) {
    boolean isFinal() {
        return transcript.getStatus() == TranscriptStatus.FINAL;
    }

    /** The same as something shown, in the time of a channel whose first sample was captured at a moment. */
    ShownResult shown(Instant channelStarted) {
        Duration since = Duration.between(channelStarted, at);
        List<SpokenWord> words = transcript.getWords().stream()
                .map(word -> new SpokenWord(
                        word.getText(),
                        word.getStartMillis(),
                        word.getEndMillis(),
                        word.getConfidence(),
                        word.getStable()))
                .toList();
        RecognitionResult result = new RecognitionResult(
                transcript.getSegmentId(),
                transcript.getRevision(),
                isFinal(),
                transcript.getText(),
                transcript.getStableChars(),
                words,
                transcript.getStartMillis(),
                transcript.getEndMillis(),
                transcript.getLanguage(),
                transcript.getConfidence(),
                transcript.getFlags().contains("truncated"));
        return new ShownResult(result, since.isNegative() ? Duration.ZERO : since);
    }
}
