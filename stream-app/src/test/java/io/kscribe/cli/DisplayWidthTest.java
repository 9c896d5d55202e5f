package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisplayWidthTest {

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "hello, 5",
        "\u00fcber, 4",
        "u\u0308ber, 4",
        "\u4f60\u597d, 4",
        "\ud55c\uad6d\uc5b4, 6",
        "\u30ab\u30bf, 4",
        "\uff76\uff80, 2",
        "\ud83d\ude00, 2",
        "\u043f\u0440\u0438\u0432\u0435\u0442, 6",
        "\u0645\u0631\u062d\u0628\u0627, 5"
    })
    void shouldCountColumns(String text, int columns) {
        assertThat(DisplayWidth.of(text)).isEqualTo(columns);
    }

    @Property
    void shouldCutTheLongestEndThatFits(
            @ForAll @StringLength(max = 40) String text, @ForAll @IntRange(min = 1, max = 30) int columns) {
        int start = DisplayWidth.endStart(text, columns);

        String end = text.substring(start);
        if (start == 0) {
            assertThat(DisplayWidth.of(end)).isLessThanOrEqualTo(columns);
        } else {
            assertThat(DisplayWidth.of(end)).isLessThanOrEqualTo(columns - 1);
            int before = text.codePointBefore(start);
            assertThat(DisplayWidth.of(Character.toString(before) + end)).isGreaterThan(columns - 1);
        }
    }
}
