package io.kscribe.schema;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One of each record, every field set to something that is not its default. */
final class Samples {

    private Samples() {}

    static AudioChunk audioChunk() {
        return AudioChunk.newBuilder()
                .setCallId("call-7")
                .setChannel(1)
                .setRole(Role.CUSTOMER)
                .setSequence(42)
                .setCapturedAt(Instant.ofEpochMilli(1_790_000_000_123L))
                .setEncoding(AudioEncoding.MULAW)
                .setSampleRate(8000)
                .setPayload(ByteBuffer.wrap(new byte[] {0, -1, 127, -128}))
                .setEndOfStream(true)
                .setLanguage("en")
                .setAttributes(Map.of("queue", "billing"))
                .build();
    }

    static Transcript transcript() {
        return Transcript.newBuilder()
                .setCallId("call-7")
                .setChannel(1)
                .setRole(Role.AGENT)
                .setSegmentId(3)
                .setRevision(2)
                .setStatus(TranscriptStatus.FINAL)
                .setText("Grüße, 你好.")
                .setStableChars(10)
                .setWords(List.of(
                        new Word("Grüße,", 1000L, 1400L, 0.5f, true), new Word("你好.", 1500L, 1900L, 0.25f, true)))
                .setStartMillis(1000)
                .setEndMillis(1900)
                .setLanguage("de")
                .setConfidence(0.75f)
                .setModel("base")
                .setCapturedAt(Instant.ofEpochMilli(1_790_000_000_123L))
                .setEmittedAt(Instant.ofEpochMilli(1_790_000_000_456L))
                .setFlags(List.of("gap"))
                .build();
    }
}
