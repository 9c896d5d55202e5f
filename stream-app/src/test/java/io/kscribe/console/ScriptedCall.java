package io.kscribe.console;

import io.kscribe.audio.SampleEncoding;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.schema.Role;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import io.kscribe.schema.Word;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A call of two people that says what a test wants: its audio in chunks of 100 ms, a partial every 500 ms of speech of which the last
 * two words may change, a final 500 ms after the last word.
 */
final class ScriptedCall {
    private static final int RATE_HZ = 8000;
    private static final int CHUNK_MILLIS = 100;
    private static final int PARTIAL_MILLIS = 500;
    private static final int ENDPOINT_MILLIS = 500;
    private static final int CHARACTER_MILLIS = 62;
    private static final List<Role> ROLES = List.of(Role.AGENT, Role.CUSTOMER);

    /** What one of them says, from a moment on. */
    record Turn(int channel, long startMillis, List<Word> words) {
        Turn(int channel, long startMillis, String text) {
            this(channel, startMillis, timed(startMillis, text));
        }

        private static List<Word> timed(long startMillis, String text) {
            List<Word> words = new ArrayList<>();
            long at = startMillis;
            for (String word : text.split(" ", -1)) {
                long end = at + 60 + (long) word.length() * CHARACTER_MILLIS;
                float confidence = word.length() == 9 ? 0.41f : 0.98f - word.length() / 50f;
                words.add(new Word(word, at, end, confidence, true));
                at = end + (word.matches(".*[.,?!]") ? 260 : 30);
            }
            return words;
        }

        long endMillis() {
            return words.get(words.size() - 1).getEndMillis();
        }
    }

    private final String callId;
    private final Instant startedAt;
    private final List<Turn> turns;
    private final Map<String, String> attributes;
    private final long[] sequences = new long[ROLES.size()];
    private long playedMillis;

    ScriptedCall(String callId, Instant startedAt, Map<String, String> attributes, List<Turn> turns) {
        this.callId = callId;
        this.startedAt = startedAt;
        this.turns = List.copyOf(turns);
        this.attributes = Map.copyOf(attributes);
    }

    /** Lets the call go on to a moment. */
    void playTo(long millis, TranscriptHub hub) {
        for (long at = playedMillis; at + CHUNK_MILLIS <= millis; at += CHUNK_MILLIS) {
            for (int channel = 0; channel < ROLES.size(); channel++) {
                hub.heard(chunk(channel, at, false));
            }
            hub.tellLevels();
            say(at, at + CHUNK_MILLIS, hub);
            playedMillis = at + CHUNK_MILLIS;
        }
    }

    /** Hangs up. */
    void end(TranscriptHub hub) {
        for (int channel = 0; channel < ROLES.size(); channel++) {
            hub.heard(chunk(channel, playedMillis, true));
        }
        hub.tellLevels();
    }

    private void say(long from, long to, TranscriptHub hub) {
        for (int i = 0; i < turns.size(); i++) {
            Turn turn = turns.get(i);
            long end = turn.endMillis() + ENDPOINT_MILLIS;
            if (end >= from && end < to) {
                hub.said(transcript(i, turn.words().size(), to, TranscriptStatus.FINAL));
            } else if (to > turn.startMillis()
                    && to < end
                    && (to - turn.startMillis()) % PARTIAL_MILLIS < CHUNK_MILLIS) {
                int words = (int) turn.words().stream()
                        .filter(word -> word.getEndMillis() <= to)
                        .count();
                if (words > 0) {
                    hub.said(transcript(i, words, to, TranscriptStatus.PARTIAL));
                }
            }
        }
    }

    private Transcript transcript(int turnIndex, int wordCount, long heardMillis, TranscriptStatus status) {
        Turn turn = turns.get(turnIndex);
        boolean isFinal = status == TranscriptStatus.FINAL;
        int stableWords = isFinal ? wordCount : Math.max(0, wordCount - 2);
        List<Word> words = new ArrayList<>(turn.words().subList(0, wordCount));
        for (int i = stableWords; i < wordCount; i++) {
            words.set(i, Word.newBuilder(words.get(i)).setStable(false).build());
        }
        String text = joined(words);
        long segment = turns.subList(0, turnIndex).stream()
                .filter(other -> other.channel() == turn.channel())
                .count();
        return Transcript.newBuilder()
                .setCallId(callId)
                .setChannel(turn.channel())
                .setRole(ROLES.get(turn.channel()))
                .setSegmentId(segment)
                .setRevision(isFinal ? 1_000_000 : (int) (heardMillis / CHUNK_MILLIS))
                .setStatus(status)
                .setText(text)
                .setStableChars(joined(words.subList(0, stableWords)).length())
                .setWords(words)
                .setStartMillis(turn.startMillis())
                .setEndMillis(isFinal ? turn.endMillis() : heardMillis)
                .setLanguage("en")
                .setConfidence(0.9f)
                .setModel("base")
                .setCapturedAt(startedAt.plusMillis(heardMillis))
                .setEmittedAt(startedAt.plusMillis(heardMillis + 240))
                .build();
    }

    private static String joined(List<Word> words) {
        return String.join(" ", words.stream().map(Word::getText).toList());
    }

    private AudioChunk chunk(int channel, long at, boolean endOfStream) {
        int count = endOfStream ? 0 : RATE_HZ * CHUNK_MILLIS / 1000;
        float[] samples = new float[count];
        double loud = speaks(channel, at) ? 0.06 + 0.18 * Math.abs(Math.sin(at * 0.013 + channel)) : 0.002;
        for (int i = 0; i < count; i++) {
            samples[i] = (float) (loud * Math.sin(2 * Math.PI * 210 * (at / 1000.0 + (double) i / RATE_HZ)));
        }
        return AudioChunk.newBuilder()
                .setCallId(callId)
                .setChannel(channel)
                .setRole(ROLES.get(channel))
                .setSequence(sequences[channel]++)
                .setCapturedAt(startedAt.plusMillis(at + CHUNK_MILLIS))
                .setEncoding(AudioEncoding.MULAW)
                .setSampleRate(RATE_HZ)
                .setPayload(ByteBuffer.wrap(SampleEncoding.MULAW.encode(samples, 0, count)))
                .setEndOfStream(endOfStream)
                .setAttributes(attributes)
                .build();
    }

    private boolean speaks(int channel, long at) {
        return turns.stream()
                .filter(turn -> turn.channel() == channel && turn.startMillis() <= at && turn.endMillis() > at)
                .flatMap(turn -> turn.words().stream())
                .anyMatch(word -> at > word.getStartMillis() - CHUNK_MILLIS && at < word.getEndMillis());
    }
}
