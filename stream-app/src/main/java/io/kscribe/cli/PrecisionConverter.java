package io.kscribe.cli;

import io.kscribe.compiler.Precision;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a precision by its label, for instance {@code int8-rowwise}. */
final class PrecisionConverter implements ITypeConverter<Precision> {
    @Override
    public Precision convert(String label) {
        return Arrays.stream(Precision.values())
                .filter(precision -> precision.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + label + "' is no precision; expected one of "
                        + Arrays.stream(Precision.values())
                                .map(Precision::label)
                                .collect(Collectors.joining(", "))));
    }
}
