package io.kscribe.stream;

import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import java.time.Instant;

/** A transcript for tests that care for its place in a call and not for its text. */
final class SampleTranscript {
    private SampleTranscript() {}

    static Transcript of(String callId, int channel, long segment, int revision, TranscriptStatus status) {
        return Transcript.newBuilder()
                .setCallId(callId)
                .setChannel(channel)
                .setSegmentId(segment)
                .setRevision(revision)
                .setStatus(status)
                .setText("Hello.")
                .setStableChars(6)
                .setStartMillis(0)
                .setEndMillis(1000)
                .setLanguage("en")
                .setConfidence(1)
                .setModel("base")
                .setCapturedAt(Instant.EPOCH)
                .setEmittedAt(Instant.EPOCH)
                .build();
    }
}
