package io.kscribe.format;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What was said in a recording.
 *
 * @param segments of all channels, in the order of time
 */
public record Transcribed(Duration duration, List<Segment> segments) {
    /** All text, segments apart by one space. */
    public String text() {
        return segments.stream().map(segment -> segment.result().text()).collect(Collectors.joining(" "));
    }

    /** The language of the first segment; "und" (ISO 639-2: undetermined) without any. */
    public String language() {
        return segments.isEmpty() ? "und" : segments.get(0).result().language();
    }
}
