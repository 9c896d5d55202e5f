package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {

    private final DurationConverter converter = new DurationConverter();

    @ParameterizedTest
    @CsvSource({"0ms,0", "100ms,100", "2s,2000", "1.5s,1500", "0.025s,25", "2m,120000", "24h,86400000", "7d,604800000"})
    void shouldReadWhatPeopleWrite(String written, long millis) {
        assertThat(converter.convert(written)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"0ms,0ms", "100ms,100ms", "1000ms,1s", "1.5s,1500ms", "90s,90s", "120s,2m", "36h,36h", "48h,2d"})
    void shouldWriteTheLongestUnitWithoutAFraction(String written, String text) {
        assertThat(DurationConverter.text(converter.convert(written))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "100", "ms", "-1s", "1 s", "1w", "1s2", ".5s", "1.s", "9999999999s"})
    void shouldRefuseWhatIsNotADuration(String written) {
        assertThatThrownBy(() -> converter.convert(written))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + written + "'")
                .hasMessageContaining("100ms");
    }

    @Test
    void shouldHoldTheLongestDurationThatCanBeWritten() {
        assertThat(converter.convert("999999999d")).isEqualTo(Duration.ofDays(999_999_999));
    }
}
