package io.kscribe.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WebLimitsTest {

    @Test
    void shouldHaveDefaults() {
        WebLimits limits = WebLimits.standard();

        assertThat(limits.webConnections()).isEqualTo(2000);
        assertThat(limits.webSocketsPerKey()).isEqualTo(1000);
        assertThat(limits.webRequestsPerSecond()).isEqualTo(200);
        assertThat(limits.largestRequest()).isEqualTo(1_048_576);
        assertThat(limits.webIdleTime()).isEqualTo(Duration.ofSeconds(60));
    }
}
