package io.kscribe.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LogSizesTest {
    @Test
    void shouldTellWhatTopicsHaveGrownBy() {
        LogSizes before = new LogSizes(Map.of("audio", 100L, "kscribe-a-changelog", 10L));
        LogSizes after = new LogSizes(Map.of(
                "audio", 350L, "kscribe-a-changelog", 110L, "kscribe-b-changelog", 7L, "other-a-changelog", 1000L));

        assertThat(after.grown("audio", before)).isEqualTo(250);
        assertThat(after.changelogsGrown("kscribe", before)).isEqualTo(107);
    }
}
