package io.kscribe.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.bench.Arrival;
import io.kscribe.faults.Fault.Kind;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class GapsTest {
    private static final Instant START = Instant.parse("2026-11-25T10:00:00Z");

    private final Gaps gaps = new Gaps();

    @Test
    void shouldMeasureFromOneOutputThatHeardMoreToTheNext() {
        gaps.add(START, List.of(said(1000, 9000)), List.of(read(2000, 1500), read(2100, 1500), read(5000, 4400)));

        assertThat(gaps.undisturbed(List.of())).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(3));
    }

    @Test
    void shouldNotCountTheTimeInWhichNobodySpoke() {
        gaps.add(START, List.of(said(1000, 2000), said(7000, 9000)), List.of(read(2600, 2000), read(7900, 7500)));

        assertThat(gaps.undisturbed(List.of())).containsExactly(Duration.ofMillis(900), Duration.ofMillis(1600));
    }

    @Test
    void shouldBlameTheFirstFaultInAGapAndElseTheLastBefore() {
        Fault kill = new Fault(Kind.KILL, "kill", START.plusMillis(2400));
        Fault start = new Fault(Kind.START, "start", START.plusMillis(4000));
        gaps.add(
                START,
                List.of(said(1000, 30_000)),
                List.of(read(2000, 1500), read(6000, 5500), read(9000, 8500), read(29_000, 28_000)));

        assertThat(gaps.worst(List.of(kill, start)))
                .hasEntrySatisfying(kill, gap -> assertThat(gap.length()).hasMillis(4000));
        assertThat(gaps.worst(List.of(kill, start)))
                .hasEntrySatisfying(start, gap -> assertThat(gap.length()).hasMillis(20_000));
        assertThat(gaps.undisturbed(List.of(kill, start))).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void shouldTellEachKindsMiddleAndWorst() {
        List<Fault> faults = List.of(
                new Fault(Kind.KILL, "one", START.plusMillis(2500)),
                new Fault(Kind.KILL, "two", START.plusMillis(12_500)),
                new Fault(Kind.STOP, "three", START.plusMillis(60_000)));
        gaps.add(
                START,
                List.of(said(1000, 30_000)),
                List.of(read(2000, 1500), read(4000, 3500), read(12_000, 11_500), read(15_000, 14_500)));

        assertThat(Gaps.table(faults, gaps.worst(faults)))
                .startsWith(
                        "KILL               2 times, noticed   2 times; longest gap: median  8000 ms, worst 8000 ms in c/0",
                        "STOP               1 times, noticed   0 times; longest gap: median     - ms, worst -");
    }

    private static Transcript said(long startMillis, long endMillis) {
        return Transcript.newBuilder()
                .setCallId("c")
                .setChannel(0)
                .setSegmentId(0)
                .setRevision(1)
                .setStatus(TranscriptStatus.FINAL)
                .setText("said")
                .setStableChars(4)
                .setStartMillis(startMillis)
                .setEndMillis(endMillis)
                .setLanguage("en")
                .setConfidence(1)
                .setModel("tiny")
                .setCapturedAt(START)
                .setEmittedAt(START)
                .build();
    }

    private static Arrival read(long atMillis, long endMillis) {
        return new Arrival(said(0, endMillis), START.plusMillis(atMillis));
    }
}
