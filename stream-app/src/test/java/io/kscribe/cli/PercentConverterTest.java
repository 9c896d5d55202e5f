package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class PercentConverterTest {
    @ParameterizedTest
    @CsvSource({"45%, 0.45", "45, 0.45", "12.5%, 0.125", "0%, 0", "100%, 1"})
    void shouldReadShares(String value, double share) {
        assertThat(new PercentConverter().convert(value)).isEqualTo(share);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "-1%", "half", "45 %", "1e2"})
    void shouldRefuseAnythingElse(String value) {
        assertThatThrownBy(() -> new PercentConverter().convert(value))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + value + "' is not a share such as 45% or 12.5%");
    }

    @Test
    void shouldBeWhatBenchReadsItsTalkWith() {
        assertThat(Run.kscribe("bench", "--channels", "1", "--talk", "half")
                        .err()
                        .lines())
                .first()
                .asString()
                .contains("'half' is not a share such as 45% or 12.5%");
    }
}
