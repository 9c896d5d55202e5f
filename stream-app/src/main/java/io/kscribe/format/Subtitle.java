package io.kscribe.format;

import io.kscribe.recognizer.SpokenWord;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of text and when it is on the screen.
 *
 * @param startMillis from the start of the recording
 * @param endMillis from the start of the recording
 */
record Subtitle(long startMillis, long endMillis, String text) {
    /** Two lines of the usual 42 characters. */
    private static final int LONGEST_CHARS = 84;

    private static final long LONGEST_MILLIS = 7000;

    /** What the eye needs to see that there was something; given where there is room for it. */
    private static final long SHORTEST_MILLIS = 200;

    /** A pause in which a reader expects the line to change. */
    private static final long PAUSE_MILLIS = 700;

    /** Cuts a segment into subtitles: at the ends of sentences, at pauses, and where one would get too long. */
    static List<Subtitle> of(Segment segment) {
        List<Subtitle> subtitles = new ArrayList<>();
        List<SpokenWord> words = segment.result().words();
        String text = segment.result().text();
        int textFrom = 0;
        int at = 0;
        int first = 0;
        for (int i = 0; i < words.size(); i++) {
            at = text.indexOf(words.get(i).text(), at) + words.get(i).text().length();
            boolean last = i == words.size() - 1;
            if (last || endsBefore(words.get(first), words.get(i), words.get(i + 1), at - textFrom)) {
                subtitles.add(new Subtitle(
                        words.get(first).startMillis(),
                        end(
                                words.get(first),
                                words.get(i),
                                last ? Long.MAX_VALUE : words.get(i + 1).startMillis()),
                        text.substring(textFrom, at).strip()));
                textFrom = at;
                first = i + 1;
            }
        }
        return subtitles;
    }

    /** Always after the start, as WebVTT wants it, though a word may have been given no time. */
    private static long end(SpokenWord first, SpokenWord last, long nextMillis) {
        long visible = Math.min(first.startMillis() + SHORTEST_MILLIS, nextMillis);
        return Math.max(last.endMillis(), Math.max(visible, first.startMillis() + 1));
    }

    private static boolean endsBefore(SpokenWord first, SpokenWord last, SpokenWord next, int chars) {
        boolean sentence = last.text().matches(".*[.!?。！？]");
        return sentence
                || next.startMillis() - last.endMillis() >= PAUSE_MILLIS
                || chars + 1 + next.text().length() > LONGEST_CHARS
                || next.endMillis() - first.startMillis() > LONGEST_MILLIS;
    }
}
