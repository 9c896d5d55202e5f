package io.kscribe.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kscribe.bench.BenchResult.Interval;
import io.kscribe.bench.BenchResult.Moment;
import io.kscribe.evaluation.Latencies;
import io.kscribe.evaluation.LiveScore.Changes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BenchReportsTest {
    private static final Latencies TO_1000 = Latencies.of(LongStream.rangeClosed(1, 1000));

    private static final BenchResult RESULT = new BenchResult(
            new BenchSettings(4, 2, Duration.ofSeconds(10), Duration.ofSeconds(90), 0.45, 1),
            "tiny",
            0.45,
            Duration.ofSeconds(400),
            Duration.ofSeconds(100),
            4000,
            new BenchResult.Traffic(4_000_000, 5_000_000),
            Duration.ofMillis(12),
            TO_1000,
            Latencies.NONE,
            Latencies.NONE,
            TO_1000,
            new Changes(50, 5),
            new Changes(40, 1),
            77,
            new Finals(30, 30, 0, 1, 0, 0, 0),
            Map.of("service", Duration.ofSeconds(40)),
            Map.of("kscribe-inferen", Duration.ofSeconds(30)),
            moments(),
            List.of(new Interval(Duration.ofSeconds(10), TO_1000, Latencies.NONE)));

    @Test
    void shouldWriteWhatProgramsAskFor() throws Exception {
        JsonNode json = new ObjectMapper().readTree(BenchJson.json(RESULT));

        assertThat(json.path("channels").asInt()).isEqualTo(4);
        assertThat(json.path("partialLatencyMillis").path("p95").asLong()).isEqualTo(950);
        assertThat(json.path("finalLatencyMillis").path("max").asLong()).isEqualTo(1000);
        assertThat(json.path("wordShownLatencyMillis").path("p50").isNull()).isTrue();
        assertThat(json.path("finals").path("doubled").asLong()).isEqualTo(1);
        assertThat(json.path("realTimeFactor").asDouble()).isEqualTo(0.1);
        JsonNode service = json.path("processes").path("service");
        assertThat(service.path("processors").asDouble()).isEqualTo(0.4);
        assertThat(service.path("residentBytesMax").asLong()).isEqualTo(1_099);
        assertThat(json.path("serviceThreadSeconds").path("kscribe-inferen").asDouble())
                .isEqualTo(30);
        assertThat(json.path("moments")).hasSize(100);
        assertThat(json.path("intervals")
                        .path(0)
                        .path("partialLatencyMillis")
                        .path("p50")
                        .asLong())
                .isEqualTo(500);
    }

    @Test
    void shouldCompareTheLagOfTheFirstAndTheLastThird() {
        assertThat(RESULT.medianLag(0, 1 / 3.0)).isEqualTo(25);
        assertThat(RESULT.medianLag(2 / 3.0, 1)).isEqualTo(85);
        assertThat(RESULT.mostLag()).isEqualTo(99);
    }

    @Test
    void shouldCallOnlyACompleteRunComplete() {
        assertThat(RESULT.finals().complete()).isFalse();
        assertThat(new Finals(30, 30, 0, 0, 0, 0, 0).complete()).isTrue();
        assertThat(new Finals(30, 29, 1, 0, 0, 0, 0).complete()).isFalse();
        assertThat(new Finals(30, 31, 0, 0, 1, 0, 0).complete()).isFalse();
        assertThat(new Finals(30, 30, 0, 0, 0, 1, 30).complete()).isFalse();
    }

    @Test
    void shouldDrawLatenciesLagProcessorsAndMemory() {
        String svg = BenchPicture.svg(RESULT);

        assertThat(svg)
                .contains(
                        ">4 channels, 2 more in the middle third, 45 % talk, model tiny<",
                        ">latency, ms<",
                        ">partial p95<",
                        ">final p50<",
                        ">lag, chunks<",
                        ">processors<",
                        ">memory, GB<",
                        ">service<");
    }

    private static List<Moment> moments() {
        List<Moment> moments = new ArrayList<>();
        for (int second = 0; second < 100; second++) {
            moments.add(new Moment(
                    Duration.ofSeconds(second), second, Map.of("service", 0.4), Map.of("service", 1000L + second)));
        }
        return moments;
    }
}
