package io.kscribe.console;

import io.kscribe.format.Segment;
import io.kscribe.format.Transcribed;
import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.SpokenWord;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import java.time.Duration;
import java.util.List;

/** Turns a call's transcripts into what a recording's would be, to be written in the same forms. */
final class SpokenCall {

    private SpokenCall() {}

    /** @param finals in the order of time; those that nobody could understand are left out */
    static Transcribed transcribed(List<Transcript> finals) {
        List<Segment> segments = finals.stream()
                .filter(said -> !said.getText().isEmpty())
                .map(SpokenCall::segment)
                .toList();
        long end = finals.stream().mapToLong(Transcript::getEndMillis).max().orElse(0);
        return new Transcribed(Duration.ofMillis(end), segments);
    }

    private static Segment segment(Transcript said) {
        List<SpokenWord> words = said.getWords().stream()
                .map(word -> new SpokenWord(
                        word.getText(),
                        word.getStartMillis(),
                        word.getEndMillis(),
                        word.getConfidence(),
                        word.getStable()))
                .toList();
        return new Segment(
                said.getChannel(),
                speaker(said),
                new RecognitionResult(
                        said.getSegmentId(),
                        said.getRevision(),
                        said.getStatus() == TranscriptStatus.FINAL,
                        said.getText(),
                        said.getStableChars(),
                        words,
                        said.getStartMillis(),
                        said.getEndMillis(),
                        said.getLanguage(),
                        said.getConfidence(),
                        said.getFlags().contains("truncated")));
    }

    private static String speaker(Transcript said) {
        return switch (said.getRole()) {
            case AGENT -> "agent";
            case CUSTOMER -> "customer";
            default -> "channel " + said.getChannel();
        };
    }
}
