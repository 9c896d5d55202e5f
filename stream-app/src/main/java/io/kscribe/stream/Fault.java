package io.kscribe.stream;

import java.util.Locale;

/**
 * Why a record is rejected.
 *
 * @param reason for programs
 * @param sentence for people: names the call, the field, what came and what was expected
 */
record Fault(Reason reason, String sentence) {

    /** The kinds of faults; each is a value of the {@code reason} tag of the metric {@code dead-letters-total}. */
    enum Reason {
        /** The value is no chunk. */
        UNREADABLE,
        /** The call's id is missing or too long. */
        CALL_ID,
        /** The record's key is not the call's id. */
        KEY,
        /** The channel's number is out of range. */
        CHANNEL,
        /** The sequence number is negative. */
        SEQUENCE,
        /** The sample rate is out of range. */
        SAMPLE_RATE,
        /** The encoding came later than this version. */
        ENCODING,
        /** The payload is too large or torn. */
        PAYLOAD,
        /** The attributes are too long. */
        ATTRIBUTES,
        /** The language's code is too long. */
        LANGUAGE,
        /** The sequence number is too far ahead. */
        FAR_AHEAD,
        /** The chunk came when silence had been put in its place. */
        LATE,
        /** Another chunk with the same number came before. */
        CONFLICT,
        /** The channel had ended. */
        AFTER_END,
        /** The rate is not the channel's. */
        RATE_CHANGED,
        /** A sample is not a number. */
        SAMPLES;

        /** The form in headers and metrics, for instance {@code after-end}. */
        String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
