package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitOptionsTest {
    private static final AllLimits STANDARD = AllLimits.standard();

    @Test
    void shouldChangeWhatIsNamedAndNothingElse() {
        AllLimits changed =
                LimitOptions.with(STANDARD, List.of("open-calls=7", "channel-timeout=1.5m", "", " longest-gap = 0 "));

        assertThat(changed.stream().openCalls()).isEqualTo(7);
        assertThat(changed.stream().channelTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(changed.stream().longestGap()).isZero();
        assertThat(LimitOptions.with(changed, List.of("open-calls=500", "channel-timeout=30s", "longest-gap=3000")))
                .isEqualTo(STANDARD);
    }

    @Test
    void shouldRefuseWhatIsNoLimit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LimitOptions.with(STANDARD, List.of("patience=3")))
                .withMessageStartingWith("There is no limit 'patience'; expected one of longest-call-id, channels, ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LimitOptions.with(STANDARD, List.of("open-calls")))
                .withMessage("'open-calls' changes no limit; expected NAME=VALUE.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LimitOptions.with(STANDARD, List.of("open-calls=many")))
                .withMessage("The limit open-calls is 'many'; expected a number.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LimitOptions.with(STANDARD, List.of("channel-timeout=30")))
                .withMessage("The limit channel-timeout: '30' is not a duration such as 100ms, 2s, 2m, 24h or 7d.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LimitOptions.with(STANDARD, List.of("open-calls=0")))
                .withMessage("The limit of open calls is 0; expected 1 or more.");
    }
}
