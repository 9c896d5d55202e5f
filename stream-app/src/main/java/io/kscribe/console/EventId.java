package io.kscribe.console;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the events of one run of the hub, as viewers bring it back to go on after it: {@code 1f3k9-204}.
 *
 * @param run names the run: numbers of another mean nothing
 * @param number of the last event that was seen; 0 before the first
 */
record EventId(String run, long number) {

    private static final Pattern FORM = Pattern.compile("([0-9a-z]{1,20})-([0-9]{1,18})");

    /** What {@link #toString} gave; empty if it is something else. */
    static Optional<EventId> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new EventId(form.group(1), Long.parseLong(form.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return run + "-" + number;
    }
}
