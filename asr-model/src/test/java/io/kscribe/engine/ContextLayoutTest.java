package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ContextLayoutTest {
    private static final int WINDOW = 1500;
    private static final int DENSE_PADDING = 30;
    private static final int LONGEST = 480_000;

    @Property
    void shouldLetItsPositionsStandForTheWholeWindow(@ForAll @IntRange(min = 1, max = LONGEST) int samples) {
        ContextLayout layout = ContextLayout.of(samples, Padding.merged());
        double stoodFor = 0;
        for (float bias : layout.keyBias()) {
            stoodFor += Math.exp(bias);
        }
        assertThat(stoodFor).isCloseTo(WINDOW, within(0.01));
        assertThat(layout.keyBias()).hasSize(layout.size());
        assertThat(layout.sources()).hasSize(layout.size());
        assertThat(layout.positions()).hasSize(layout.size());
    }

    @Property
    void shouldPlaceEveryPositionWithinTheRunThatItStandsFor(@ForAll @IntRange(min = 1, max = LONGEST) int samples) {
        ContextLayout layout = ContextLayout.of(samples, Padding.merged());
        long[] positions = layout.positions();
        long runStart = 0;
        for (int i = 0; i < positions.length; i++) {
            long runEnd = runStart + Math.round(Math.exp(layout.keyBias()[i]));
            assertThat(positions[i]).isGreaterThanOrEqualTo(runStart).isLessThan(runEnd);
            runStart = runEnd;
        }
        assertThat(runStart).isEqualTo(WINDOW);
    }

    @Property
    void shouldKeepAudioAndTheFirstPaddingDense(@ForAll @IntRange(min = 1, max = LONGEST) int samples) {
        ContextLayout layout = ContextLayout.of(samples, Padding.merged());
        int dense = Math.min(WINDOW, layout.audioPositions() + DENSE_PADDING);
        assertThat((long) layout.audioPositions() * 320)
                .isGreaterThanOrEqualTo(samples)
                .isLessThan(samples + 320);
        for (int i = 0; i < dense; i++) {
            assertThat(layout.positions()[i]).isEqualTo(i);
            assertThat(layout.keyBias()[i]).isZero();
        }
        for (int i = 0; i < layout.audioPositions(); i++) {
            assertThat(layout.sources()[i]).isEqualTo(i);
        }
    }

    /** A convolution output {@code s} sees mel frames {@code 2s - 2} to {@code 2s + 2}. */
    @Property
    void shouldFeedPaddingFromWhereNeitherAudioNorTheEndOfTheMelIsSeen(
            @ForAll @IntRange(min = 1, max = LONGEST) int samples) {
        ContextLayout layout = ContextLayout.of(samples, Padding.merged());
        int framesWithAudio = (samples + 200 + 159) / 160;
        for (int i = 0; i < layout.size(); i++) {
            long source = layout.sources()[i];
            if (source != layout.positions()[i]) {
                assertThat(2 * source - 2).isGreaterThanOrEqualTo(framesWithAudio);
            }
            if (layout.frames() < 2 * WINDOW) {
                assertThat(2 * source + 2).isLessThan(layout.frames());
            }
        }
    }

    @Property(tries = 100)
    void shouldKeepEveryPositionOfAFullWindow(@ForAll @IntRange(min = 1, max = LONGEST) int samples) {
        ContextLayout layout = ContextLayout.of(samples, Padding.whole());
        assertThat(layout.positions()).isEqualTo(LongStream.range(0, WINDOW).toArray());
        assertThat(layout.keyBias()).containsOnly(0f);
        assertThat(layout.frames())
                .isEqualTo(ContextLayout.of(samples, Padding.merged()).frames());
    }

    @Example
    void shouldNeedTenFramesForASingleSample() {
        ContextLayout layout = ContextLayout.of(1, Padding.merged());
        assertThat(layout.audioPositions()).isEqualTo(1);
        assertThat(layout.frames()).isEqualTo(10);
        assertThat(layout.size()).isEqualTo(40 + 146);
    }

    @Example
    void shouldBorrowTheSilenceOfShortWindowsAndOfThoseThatGrow() {
        assertThat(ContextLayout.of(4 * 16_000, Padding.merged()).borrowed()).isEqualTo(127);
        assertThat(ContextLayout.of(4 * 16_000 + 1, Padding.merged()).borrowed())
                .isZero();
        assertThat(ContextLayout.growing(20 * 16_000, Padding.merged()).borrowed())
                .isEqualTo(47);
        assertThat(ContextLayout.of(16_000, Padding.whole()).borrowed()).isZero();
        assertThat(ContextLayout.growing(16_000, new Padding(Duration.ZERO, 10, 1))
                        .borrowed())
                .isZero();
    }

    /** What is borrowed must stand for the same of the window as what is computed once. */
    @Property
    void shouldBorrowRunsOfMergedSilence(@ForAll @IntRange(min = 1, max = 96_000) int samples) {
        ContextLayout layout = ContextLayout.of(samples, Padding.merged());
        long[] all = MergedSilence.layout().positions();
        int borrowed = layout.borrowed();
        assertThat(Arrays.copyOfRange(layout.positions(), layout.size() - borrowed, layout.size()))
                .isEqualTo(Arrays.copyOfRange(all, all.length - borrowed, all.length));
        assertThat(MergedSilence.layout().borrowed()).isGreaterThanOrEqualTo(borrowed);
    }

    @Example
    void shouldMergeMostOfTheWindowForElevenSeconds() {
        ContextLayout layout = ContextLayout.of(11 * 16_000, Padding.merged());
        assertThat(layout.audioPositions()).isEqualTo(550);
        assertThat(layout.size()).isEqualTo(580 + 92);
        assertThat(layout.frames()).isEqualTo(1108);
    }

    @Example
    void shouldBeTheWholeWindowForThirtySeconds() {
        ContextLayout layout = ContextLayout.of(LONGEST, Padding.merged());
        assertThat(layout.audioPositions()).isEqualTo(WINDOW);
        assertThat(layout.frames()).isEqualTo(2 * WINDOW);
        assertThat(layout.sources()).isEqualTo(LongStream.range(0, WINDOW).toArray());
        assertThat(layout.positions()).isEqualTo(LongStream.range(0, WINDOW).toArray());
    }
}
