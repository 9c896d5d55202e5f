package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class InferenceLimitsTest {
    @Test
    void shouldRefuseWorkersThatMayDoNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InferenceLimits(4, 0))
                .withMessage("Workers take on one task at least; they were given 4 partials and 0 finals at once.");
    }
}
