package io.kscribe.stream;

import io.kscribe.schema.Transcript;
import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers, for the channels heard from last, up to which segment there are finals. */
final class Finished {

    /** How many channels are remembered when nobody says; about 100 bytes each. */
    static final int DEFAULT_CHANNELS = 10_000;

    private record Channel(String callId, int channel) {}

    private final Map<Channel, Long> lastSegments;

    Finished(int channels) {
        this.lastSegments = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Channel, Long> eldest) {
                return size() > channels;
            }
        };
    }

    /** Takes note of a final. */
    void add(Transcript transcript) {
        lastSegments.merge(channel(transcript), transcript.getSegmentId(), Math::max);
    }

    /** Whether there was a final of this transcript's segment, or of a later one of its channel. */
    boolean contains(Transcript transcript) {
        return lastSegments.getOrDefault(channel(transcript), -1L) >= transcript.getSegmentId();
    }

    private static Channel channel(Transcript transcript) {
        return new Channel(transcript.getCallId(), transcript.getChannel());
    }
}
