package io.kscribe.bench;

import io.kscribe.schema.Role;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import io.kscribe.schema.Word;
import java.time.Instant;
import java.util.List;

/** Transcripts as they come from a topic. */
final class Transcripts {
    private Transcripts() {}

    /** A result of one word that takes all of its time. */
    static Arrival arrival(
            BenchChannel channel,
            long segment,
            int revision,
            boolean isFinal,
            long startMillis,
            long endMillis,
            Instant at) {
        Word word = Word.newBuilder()
                .setText("word")
                .setStartMillis(startMillis)
                .setEndMillis(endMillis)
                .setConfidence(1)
                .setStable(isFinal)
                .build();
        Transcript transcript = Transcript.newBuilder()
                .setCallId(channel.callId())
                .setChannel(channel.channel())
                .setRole(Role.AGENT)
                .setSegmentId(segment)
                .setRevision(revision)
                .setStatus(isFinal ? TranscriptStatus.FINAL : TranscriptStatus.PARTIAL)
                .setText("word")
                .setStableChars(0)
                .setWords(List.of(word))
                .setStartMillis(startMillis)
                .setEndMillis(endMillis)
                .setLanguage("en")
                .setConfidence(1)
                .setModel("tiny")
                .setCapturedAt(at)
                .setEmittedAt(at)
                .build();
        return new Arrival(transcript, at);
    }
}
