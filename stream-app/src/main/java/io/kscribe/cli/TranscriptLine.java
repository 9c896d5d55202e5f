package io.kscribe.cli;

import io.kscribe.schema.Transcript;
import java.util.Locale;

/** The parts of a line that shows a transcript to a person: {@code [00:03.2 - 00:07.9] customer  Hello, I would like ...} */
final class TranscriptLine {

    /** As wide as "channel 0". */
    private static final int SPEAKER_COLUMNS = 9;

    private TranscriptLine() {}

    /** When the segment starts and ends, from the start of its channel. */
    static String times(Transcript transcript) {
        return "[" + time(transcript.getStartMillis()) + " - " + time(transcript.getEndMillis()) + "]";
    }

    /** Who speaks, padded so that texts begin in the same column. */
    static String speaker(Transcript transcript) {
        String speaker = switch (transcript.getRole()) {
            case AGENT -> "agent";
            case CUSTOMER -> "customer";
            default -> "channel " + transcript.getChannel();
        };
        return speaker + " ".repeat(Math.max(0, SPEAKER_COLUMNS - speaker.length()));
    }

    /** What a reader should know about the transcript, or nothing. */
    static String flags(Transcript transcript) {
        return transcript.getFlags().isEmpty() ? "" : " (" + printable(String.join(", ", transcript.getFlags())) + ")";
    }

    /** The text with anything that a terminal would act on replaced, character by character. */
    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}|[\\u0080-\\u009F\\u2028\\u2029]", "\uFFFD");
    }

    /** Minutes, seconds and tenths; hours where there are any. */
    private static String time(long millis) {
        long tenths = millis / 100;
        long hours = tenths / 36_000;
        String minutes = String.format(Locale.ROOT, "%02d:%02d.%d", tenths / 600 % 60, tenths / 10 % 60, tenths % 10);
        return hours == 0 ? minutes : hours + ":" + minutes;
    }
}
