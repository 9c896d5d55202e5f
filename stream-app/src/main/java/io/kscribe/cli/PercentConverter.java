package io.kscribe.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads shares as people write them: {@code 45%}, {@code 45}, {@code 12.5%}. */
final class PercentConverter implements ITypeConverter<Double> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3})?)%?");

    @Override
    public Double convert(String value) {
        Matcher form = FORM.matcher(value);
        if (!form.matches()) {
            throw new TypeConversionException("'" + value + "' is not a share such as 45% or 12.5%");
        }
        return Double.parseDouble(form.group(1)) / 100;
    }
}
