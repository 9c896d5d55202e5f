package io.kscribe.recognizer;

import io.kscribe.engine.DecodedToken;
import io.kscribe.engine.TimedWord;
import io.kscribe.engine.Transcription;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * What a channel said last: the audio and the texts that may be heard again in front of what it says next.
 *
 * <p>It reaches back for a limited time from where an island ends: short islands, which need it most, get most of it, long ones none; and
 * it lapses when nobody speaks for so long. Islands are in it whole or not at all: not if their text is more than anyone says, and as many of the
 * last as leave the next enough of a window's text.
 */
final class Context {
    private static final int SAMPLES_A_SECOND = 16_000;

    /** More than anyone says in a second; the decoder writes at least as many, in a window of any length. */
    private static final int TOKENS_A_SECOND = 25;

    /** The decoder's text of a window has 224 at most: this leaves more than half of it to the island. */
    private static final int MOST_TOKENS = 100;

    private final int reach;
    private final Deque<Piece> pieces = new ArrayDeque<>();

    /** An island that was said, and its audio. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bulk numbers, never compared
    private record Piece(Said said, float[] samples) {}

    /** @param reach how long the audio is at most from where it begins to where an island ends, in samples; 0: it stays empty */
    Context(int reach) {
        this.reach = reach;
    }

    /** Whether anything can ever be in it. */
    boolean isUsed() {
        return reach > 0;
    }

    /** Takes what has just been said, unless it is more than anyone says: a text that goes on from it would be too long for its window. */
    void add(Island island, Transcription said) {
        long sayable = (long) island.finalLength() * TOKENS_A_SECOND / SAMPLES_A_SECOND;
        if (isUsed() && said.tokens().size() <= sayable) {
            add(
                    new Said(
                            island.start(),
                            island.finalLength(),
                            said.tokens().stream().map(DecodedToken::id).toList(),
                            said.words().stream().map(TimedWord::text).toList()),
                    island.finalSamples());
        }
    }

    /** Takes what was said before a stream was continued. */
    void add(Said said, float[] samples) {
        pieces.add(new Piece(said, samples));
        forget(said.start() + said.samples());
    }

    /** Lets go of what no island uses that ends after a place in the channel. */
    private void forget(long position) {
        while (!pieces.isEmpty() && pieces.peek().said().start() < position - reach) {
            pieces.remove();
        }
    }

    /** What islands may use that begin after a place in the channel, in the order of time. */
    List<Said> said(long position) {
        forget(position);
        return pieces.stream().map(Piece::said).toList();
    }

    /** What is to be heard before an island that ends at a place in the channel. */
    Preface before(long end) {
        Deque<Piece> used = new ArrayDeque<>();
        int tokens = 0;
        for (Iterator<Piece> latest = pieces.descendingIterator(); latest.hasNext(); ) {
            Piece piece = latest.next();
            tokens += piece.said().tokens().size();
            if (piece.said().start() < end - reach || tokens > MOST_TOKENS) {
                break;
            }
            used.addFirst(piece);
        }
        return new Preface(
                joined(used.stream().map(Piece::samples).toList()),
                used.stream()
                        .flatMap(piece -> piece.said().tokens().stream())
                        .map(id -> new DecodedToken(id, 0))
                        .toList(),
                used.isEmpty() ? "" : used.getLast().said().lastWord());
    }

    private static float[] joined(List<float[]> parts) {
        float[] whole = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return whole;
    }
}
