package io.kscribe.limits;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A record of limits, each an {@link Integer} or a {@link Duration}, read and changed by names such as {@code open-calls}. */
public final class NamedLimits {

    private NamedLimits() {}

    /** The names of all limits, in the order of the record. */
    public static List<String> names(Class<? extends Record> limits) {
        return Stream.of(limits.getRecordComponents()).map(NamedLimits::name).toList();
    }

    /**
     * A limit by its name.
     *
     * @return an {@link Integer} or a {@link Duration}
     * @throws IllegalArgumentException if there is no such limit
     */
    public static Object get(Record limits, String name) {
        return values(limits)[indexOf(limits.getClass(), name)];
    }

    /**
     * What a limit limits.
     *
     * @return nothing if its record does not say
     * @throws IllegalArgumentException if there is no such limit
     */
    public static Optional<Limit> description(Class<? extends Record> limits, String name) {
        return Optional.ofNullable(limits.getRecordComponents()[indexOf(limits, name)].getAnnotation(Limit.class));
    }

    /**
     * The same with another value of one limit.
     *
     * @param value an {@link Integer} or a {@link Duration}, as the limit is
     * @throws IllegalArgumentException if there is no such limit, or it may not have the value
     */
    public static <R extends Record> R with(R limits, String name, Object value) {
        @SuppressWarnings("unchecked")
        Class<R> type = (Class<R>) limits.getClass();
        Object[] values = values(limits);
        values[indexOf(type, name)] = value;
        Class<?>[] types = Stream.of(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return type.getConstructor(types).newInstance(values);
        } catch (InvocationTargetException refused) {
            throw refused.getCause() instanceof IllegalArgumentException sentence
                    ? sentence
                    : new IllegalStateException(refused);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Checks that a number is at least 1.
     *
     * @throws IllegalArgumentException if it is not
     */
    public static void atLeastOne(String what, int number) {
        if (number < 1) {
            throw new IllegalArgumentException("The limit of " + what + " is " + number + "; expected 1 or more.");
        }
    }

    /**
     * Checks that a number is not negative.
     *
     * @throws IllegalArgumentException if it is not
     */
    public static void notNegative(String what, int number) {
        if (number < 0) {
            throw new IllegalArgumentException("The limit of " + what + " is " + number + "; expected 0 or more.");
        }
    }

    /**
     * Checks that a time is more than none.
     *
     * @throws IllegalArgumentException if it is not
     */
    public static void positive(String what, Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(
                    "The limit of the " + what + " is " + time.toMillis() + " ms; expected more than none.");
        }
    }

    private static int indexOf(Class<? extends Record> limits, String name) {
        int index = names(limits).indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "There is no limit '" + name + "'; expected one of " + String.join(", ", names(limits)) + ".");
        }
        return index;
    }

    private static Object[] values(Record limits) {
        return Stream.of(limits.getClass().getRecordComponents())
                .map(limit -> value(limits, limit))
                .toArray();
    }

    private static Object value(Record limits, RecordComponent limit) {
        try {
            return limit.getAccessor().invoke(limits);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String name(RecordComponent limit) {
        return limit.getName().replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
