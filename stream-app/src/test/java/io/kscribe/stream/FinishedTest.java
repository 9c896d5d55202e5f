package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import org.junit.jupiter.api.Test;

class FinishedTest {

    private final Finished finished = new Finished(2);

    @Test
    void shouldKnowUpToWhichSegmentAChannelIsFinished() {
        finished.add(transcript("c1", 0, 4));

        assertThat(finished.contains(transcript("c1", 0, 3))).isTrue();
        assertThat(finished.contains(transcript("c1", 0, 4))).isTrue();
        assertThat(finished.contains(transcript("c1", 0, 5))).isFalse();
        assertThat(finished.contains(transcript("c1", 1, 0))).isFalse();
        assertThat(finished.contains(transcript("c2", 0, 0))).isFalse();
    }

    @Test
    void shouldNotBeTakenBackByAnEarlierSegment() {
        finished.add(transcript("c1", 0, 4));
        finished.add(transcript("c1", 0, 2));

        assertThat(finished.contains(transcript("c1", 0, 4))).isTrue();
    }

    @Test
    void shouldForgetTheChannelHeardFromLongestAgo() {
        finished.add(transcript("c1", 0, 0));
        finished.add(transcript("c2", 0, 0));
        finished.add(transcript("c1", 0, 1));
        finished.add(transcript("c3", 0, 0));

        assertThat(finished.contains(transcript("c1", 0, 0))).isTrue();
        assertThat(finished.contains(transcript("c2", 0, 0))).isFalse();
        assertThat(finished.contains(transcript("c3", 0, 0))).isTrue();
    }

    private static Transcript transcript(String callId, int channel, long segment) {
        return SampleTranscript.of(callId, channel, segment, 0, TranscriptStatus.FINAL);
    }
}
