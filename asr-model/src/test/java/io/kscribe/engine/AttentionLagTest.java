package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttentionLagTest {
    @Test
    void shouldTellSizesApart() {
        assertThat(AttentionLag.millis(4, 6)).as("tiny").isEqualTo(80);
        assertThat(AttentionLag.millis(6, 8)).as("base").isEqualTo(-40);
        assertThat(AttentionLag.millis(12, 10)).as("small").isEqualTo(-40);
    }

    @Test
    void shouldSupposeNoneOfAModelThatWasNotMeasured() {
        assertThat(AttentionLag.millis(4, 8)).as("tiny, English only").isZero();
        assertThat(AttentionLag.millis(2, 20)).as("distilled").isZero();
    }
}
