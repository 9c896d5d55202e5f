package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.compiler.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine.TypeConversionException;

class PrecisionConverterTest {
    private final PrecisionConverter converter = new PrecisionConverter();

    @ParameterizedTest
    @EnumSource
    void shouldReadEveryPrecisionByItsLabel(Precision precision) {
        assertThat(converter.convert(precision.label())).isEqualTo(precision);
    }

    @Test
    void shouldRefuseAnythingElse() {
        assertThatThrownBy(() -> converter.convert("int4"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'int4' is no precision; expected one of fp32, int8-rowwise, int8-blockwise");
    }
}
