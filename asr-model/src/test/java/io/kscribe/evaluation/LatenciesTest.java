package io.kscribe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;

class LatenciesTest {
    @Example
    void shouldTakeTheNearestRank() {
        Latencies tens = Latencies.of(LongStream.of(50, 20, 40, 10, 30));

        assertThat(tens.percentile(1)).hasValue(10);
        assertThat(tens.percentile(20)).hasValue(10);
        assertThat(tens.percentile(21)).hasValue(20);
        assertThat(tens.percentile(50)).hasValue(30);
        assertThat(tens.percentile(90)).hasValue(50);
        assertThat(tens.percentile(100)).hasValue(50);
    }

    @Example
    void shouldKnowNoPercentileOfNothing() {
        assertThat(Latencies.NONE.percentile(50)).isEmpty();
        assertThat(Latencies.NONE.size()).isZero();
    }

    @Property
    void shouldSumAsIfMeasuredTogether(
            @ForAll List<@LongRange(min = -500, max = 2000) Long> some,
            @ForAll List<@LongRange(min = -500, max = 2000) Long> others) {
        Latencies together = Latencies.of(LongStream.concat(
                some.stream().mapToLong(i -> i), others.stream().mapToLong(i -> i)));

        assertThat(of(some).plus(of(others))).isEqualTo(together);
        assertThat(together.size()).isEqualTo(some.size() + others.size());
    }

    @Property
    void shouldHaveAtLeastSoManyPercentUpToAPercentile(
            @ForAll @NotEmpty List<@LongRange(min = -500, max = 2000) Long> millis,
            @ForAll @IntRange(min = 1, max = 100) int percent) {
        long most = of(millis).percentile(percent).getAsLong();

        assertThat(millis.stream().filter(one -> one <= most).count() * 100)
                .isGreaterThanOrEqualTo((long) percent * millis.size());
        assertThat(millis.stream().filter(one -> one < most).count() * 100).isLessThan((long) percent * millis.size());
    }

    @Example
    void shouldRefuseWhatIsNoPercentileAndNoCount() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Latencies.NONE.percentile(0))
                .withMessage("a percentile lies between 1 and 100, not at 0");
        assertThatIllegalArgumentException().isThrownBy(() -> Latencies.NONE.percentile(101));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Latencies(new TreeMap<>(Map.of(5L, 0L))))
                .withMessage("every latency is measured at least once: {5=0}");
    }

    private static Latencies of(List<Long> millis) {
        return Latencies.of(millis.stream().mapToLong(one -> one));
    }
}
