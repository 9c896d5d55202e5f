package io.kscribe.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LiveMeasuresTest {
    private static final Instant STARTED = Instant.parse("2026-11-20T10:00:00Z");
    private static final LoadPlan PLAN = LoadPlan.of(
            new BenchSettings(2, 0, Duration.ofSeconds(5), Duration.ofSeconds(20), 0.45, 1),
            Speakers.bank(400, 900),
            "run");

    /** Starts half a chunk after the first channel, which starts with the run. */
    private static final BenchChannel SECOND = PLAN.channels().get(1);

    private static final Instant SECOND_STARTED = STARTED.plusMillis(50);

    @Test
    void shouldCountFromTheCaptureOfEachMomentToTheFirstResultThatHasHeardIt() {
        LiveMeasures measures = LiveMeasures.of(
                PLAN,
                STARTED,
                List.of(Transcripts.arrival(SECOND, 0, 1, false, 6000, 6500, SECOND_STARTED.plusMillis(6700))),
                List.of(Transcripts.arrival(SECOND, 0, 2, true, 6000, 7000, SECOND_STARTED.plusMillis(7800))));

        // 50 moments wait for the partial, 700 down to 210 ms; 50 for the final, 1300 down to 810 ms.
        assertThat(measures.all().partial().size()).isEqualTo(100);
        assertThat(measures.all().partial().percentile(100)).hasValue(1299);
        assertThat(measures.all().partial().percentile(50)).hasValue(699);
        assertThat(measures.all().partial().percentile(1)).hasValue(209);
        assertThat(measures.all().finals().percentile(100)).hasValue(800);
        assertThat(measures.partials()).isEqualTo(1);
    }

    @Test
    void shouldLeaveTheWarmUpOutOfTheWholeAndKeepItOverTime() {
        LiveMeasures measures = LiveMeasures.of(
                PLAN,
                STARTED,
                List.of(),
                List.of(
                        Transcripts.arrival(SECOND, 0, 1, true, 1000, 2000, SECOND_STARTED.plusMillis(9000)),
                        Transcripts.arrival(SECOND, 1, 1, true, 11_000, 12_000, SECOND_STARTED.plusMillis(12_500))));

        assertThat(measures.all().finals().size()).isEqualTo(1);
        assertThat(measures.all().finals().percentile(100)).hasValue(500);
        assertThat(measures.byTime().keySet()).containsExactly(Duration.ZERO, Duration.ofSeconds(10));
        assertThat(Objects.requireNonNull(measures.byTime().get(Duration.ZERO))
                        .finals()
                        .percentile(100))
                .hasValue(7000);
    }

    @Test
    void shouldIgnorePartialsThatComeAfterTheFinalAndFinalsThatComeAgain() {
        Arrival last = Transcripts.arrival(SECOND, 0, 2, true, 6000, 7000, SECOND_STARTED.plusMillis(7500));
        LiveMeasures measures = LiveMeasures.of(
                PLAN,
                STARTED,
                List.of(Transcripts.arrival(SECOND, 0, 1, false, 6000, 6500, SECOND_STARTED.plusMillis(7600))),
                List.of(last, Transcripts.arrival(SECOND, 0, 2, true, 6000, 7000, SECOND_STARTED.plusMillis(9500))));

        assertThat(measures.partials()).isZero();
        assertThat(measures.all().finals().size()).isEqualTo(1);
        assertThat(measures.all().finals().percentile(100)).hasValue(500);
    }

    @Test
    void shouldMeasureNothingOfASegmentWithoutAFinalOrOfAnotherRun() {
        BenchChannel stranger = new BenchChannel("other-0", 0, Duration.ZERO, SECOND.script());
        LiveMeasures measures = LiveMeasures.of(
                PLAN,
                STARTED,
                List.of(Transcripts.arrival(SECOND, 0, 1, false, 6000, 6500, SECOND_STARTED.plusMillis(6700))),
                List.of(Transcripts.arrival(stranger, 0, 2, true, 6000, 7000, SECOND_STARTED.plusMillis(7500))));

        assertThat(measures.all().finals().size()).isZero();
        assertThat(measures.byTime()).isEmpty();
    }
}
