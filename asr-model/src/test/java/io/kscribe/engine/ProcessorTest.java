package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessorTest {
    @Test
    void shouldTrustSumsOf8BitProductsWhereTheProcessorHasThem() {
        assertThat(Processor.overflows("amd64", "flags : sse4_2 avx2 avx512f avx512_vnni"))
                .isFalse();
        assertThat(Processor.overflows("amd64", "flags : sse4_2 avx2 avx_vnni")).isFalse();
        assertThat(Processor.overflows("aarch64", "Features : fp asimd")).isFalse();
    }

    @Test
    void shouldNotTrustThemElsewhere() {
        assertThat(Processor.overflows("amd64", "flags : sse4_2 avx2 avx512f")).isTrue();
        assertThat(Processor.overflows("x86_64", "")).isTrue();
    }
}
