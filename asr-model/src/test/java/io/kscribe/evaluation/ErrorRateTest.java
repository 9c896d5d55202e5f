package io.kscribe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorRateTest {
    @ParameterizedTest
    @CsvSource({
        "the red kite flies, the red kite flies, 0, 0, 0",
        "the red kite flies, the bed kite flies, 1, 0, 0",
        "the red kite flies, the kite flies, 0, 1, 0",
        "the red kite flies, the red red kite flies, 0, 0, 1",
        "the red kite flies, kite the, 1, 2, 0",
        "a b c d, b c d e, 0, 1, 1",
        "a b, c, 1, 1, 0",
        "'', thank you, 0, 0, 2",
        "thank you, '', 0, 2, 0",
        "'', '', 0, 0, 0",
    })
    void shouldTellErrorsApart(
            String reference, String hypothesis, long substitutions, long deletions, long insertions) {
        List<String> said = units(reference);
        assertThat(ErrorRate.of(said, units(hypothesis)))
                .isEqualTo(new ErrorRate(said.size(), substitutions, deletions, insertions));
    }

    @Test
    void shouldBeTheShareOfErrorsInWhatWasSaid() {
        ErrorRate rate = new ErrorRate(8, 1, 1, 2);
        assertThat(rate.errors()).isEqualTo(4);
        assertThat(rate.rate()).hasValue(0.5);
        assertThat(rate.share(rate.insertions())).hasValue(0.25);
    }

    @Test
    void shouldCountInsertionsWhereNothingWasSaid() {
        ErrorRate invented = ErrorRate.of(List.of(), List.of("thank", "you"));
        assertThat(invented.rate()).isEmpty();
        assertThat(invented.plus(new ErrorRate(10, 0, 1, 0)).rate()).hasValue(0.3);
    }

    @Test
    void shouldRefuseMoreErrorsThanWords() {
        assertThatThrownBy(() -> new ErrorRate(2, 2, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 substitutions, 1 deletions and 0 insertions are no errors in 2 units");
    }

    @Property
    void shouldAccountForEveryWord(@ForAll("text") List<String> reference, @ForAll("text") List<String> hypothesis) {
        ErrorRate there = ErrorRate.of(reference, hypothesis);
        ErrorRate back = ErrorRate.of(hypothesis, reference);

        assertThat(there.reference() - there.deletions() + there.insertions()).isEqualTo(hypothesis.size());
        assertThat(back.substitutions()).isEqualTo(there.substitutions());
        assertThat(back.deletions()).isEqualTo(there.insertions());
        assertThat(there.errors() == 0).isEqualTo(reference.equals(hypothesis));
    }

    @Property
    void shouldNeverTakeADetour(
            @ForAll("text") List<String> first,
            @ForAll("text") List<String> second,
            @ForAll("text") List<String> third) {
        assertThat(ErrorRate.of(first, third).errors())
                .isLessThanOrEqualTo(ErrorRate.of(first, second).errors()
                        + ErrorRate.of(second, third).errors());
    }

    @Provide
    Arbitrary<List<String>> text() {
        return Arbitraries.of("a", "b", "c").list().ofMaxSize(12);
    }

    private static List<String> units(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }
}
