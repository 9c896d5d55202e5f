package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StreamLimitsTest {

    @Test
    void shouldHaveDefaults() {
        StreamLimits limits = StreamLimits.standard();

        assertThat(limits.longestCallId()).isEqualTo(256);
        assertThat(limits.channels()).isEqualTo(32);
        assertThat(limits.largestPayload()).isEqualTo(800_000);
        assertThat(limits.longestAttributes()).isEqualTo(16_384);
        assertThat(limits.longestLanguage()).isEqualTo(35);
        assertThat(limits.largestHeaders()).isEqualTo(16_384);
        assertThat(limits.reorderWait()).isEqualTo(Duration.ofSeconds(1));
        assertThat(limits.reorderChunks()).isEqualTo(100);
        assertThat(limits.reorderBytes()).isEqualTo(2_000_000);
        assertThat(limits.comparedChunks()).isEqualTo(100);
        assertThat(limits.longestGap()).isEqualTo(3000);
        assertThat(limits.longestSilence()).isEqualTo(Duration.ofMinutes(5));
        assertThat(limits.channelTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(limits.endedMemory()).isEqualTo(Duration.ofMinutes(10));
        assertThat(limits.endedChannels()).isEqualTo(10_000);
        assertThat(limits.openCalls()).isEqualTo(500);
        assertThat(limits.longestLead()).isEqualTo(Duration.ofHours(3));
        assertThat(limits.undecodedAudio()).isEqualTo(Duration.ofSeconds(60));
        assertThat(limits.finalsAtOnce()).isEqualTo(4);
        assertThat(limits.partialBacklog()).isEqualTo(32);
        assertThat(limits.decodingAttempts()).isEqualTo(3);
    }
}
