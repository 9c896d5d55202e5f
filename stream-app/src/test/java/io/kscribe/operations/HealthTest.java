package io.kscribe.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.operations.Health.Answer;
import io.kscribe.operations.Health.Work;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HealthTest {

    private long nowMillis;
    private Work work = Work.HELD_UP;
    private final Health health = new Health(() -> Instant.ofEpochMilli(nowMillis));

    @Test
    void shouldBeAliveButNotReadyWhileTheModelLoads() {
        assertThat(health.live().well()).isTrue();
        assertThat(health.ready()).isEqualTo(new Answer(false, "loading the model"));
    }

    @Test
    void shouldNotBeReadyBeforeItHasItsFirstShare() {
        health.working(() -> work);

        assertThat(health.ready()).isEqualTo(new Answer(false, "waiting for its share of the calls"));
    }

    @Test
    void shouldStayReadyWhileCallsAreSharedOutAnewButNotForLong() {
        health.working(() -> work);
        work = Work.RUNNING;
        assertThat(health.ready()).isEqualTo(new Answer(true, "ready"));

        work = Work.HELD_UP;
        assertThat(health.ready().well()).isTrue();
        nowMillis = Health.HOLD_UP.toMillis() - 1;
        assertThat(health.ready().well()).isTrue();
        nowMillis = Health.HOLD_UP.toMillis();
        assertThat(health.ready()).isEqualTo(new Answer(false, "waiting for its share of the calls"));

        work = Work.RUNNING;
        assertThat(health.ready().well()).isTrue();
    }

    @Test
    void shouldNotBeReadyWhenItWasAskedToStop() {
        health.working(() -> work);
        work = Work.RUNNING;
        health.stopping();

        assertThat(health.ready()).isEqualTo(new Answer(false, "stopping"));
        assertThat(health.live().well()).isTrue();
    }

    @Test
    void shouldBeDeadWhenTheWorkHasFailed() {
        health.working(() -> work);
        work = Work.FAILED;

        assertThat(health.live()).isEqualTo(new Answer(false, "the work has failed for good"));
        assertThat(health.ready().well()).isFalse();
    }
}
