package io.kscribe.cli;

import io.kscribe.schema.Role;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import java.time.Instant;

/** Transcripts to print. */
final class Transcripts {

    private Transcripts() {}

    /** A final of the customer on channel 1 from 3.25 s to 7.9 s. */
    static Transcript.Builder finalOf(long segment, String text) {
        return Transcript.newBuilder()
                .setCallId("c1")
                .setChannel(1)
                .setRole(Role.CUSTOMER)
                .setSegmentId(segment)
                .setRevision(1_000_000)
                .setStatus(TranscriptStatus.FINAL)
                .setText(text)
                .setStableChars(text.length())
                .setStartMillis(3250)
                .setEndMillis(7900)
                .setLanguage("en")
                .setConfidence(0.9f)
                .setModel("base")
                .setCapturedAt(Instant.ofEpochMilli(1_700_000_000_123L))
                .setEmittedAt(Instant.ofEpochMilli(1_700_000_000_456L));
    }

    /** A partial of the customer on channel 1 whose last words may change. */
    static Transcript.Builder partialOf(long segment, int revision, String stable, String tail) {
        return finalOf(segment, stable + tail)
                .setRevision(revision)
                .setStatus(TranscriptStatus.PARTIAL)
                .setStableChars(stable.length());
    }
}
