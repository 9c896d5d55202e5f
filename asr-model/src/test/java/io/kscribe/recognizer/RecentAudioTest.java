package io.kscribe.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RecentAudioTest {
    @Property
    void shouldHoldTheLastSamplesHoweverTheyCame(
            @ForAll @IntRange(max = 50) int limit, @ForAll @Size(max = 20) List<@IntRange(max = 30) Integer> lengths) {
        RecentAudio recent = new RecentAudio(limit);
        int total = lengths.stream().mapToInt(Integer::intValue).sum();
        float[] all = new float[total];
        for (int i = 0; i < total; i++) {
            all[i] = i + 1;
        }
        int at = 0;
        for (int length : lengths) {
            recent.add(all, at, at + length);
            at += length;
        }

        int held = Math.min(limit, total);
        assertThat(recent.size()).isEqualTo(held);
        assertThat(recent.samples()).containsExactly(Arrays.copyOfRange(all, total - held, total));
    }

    @Test
    void shouldHoldNothingOnceCleared() {
        RecentAudio recent = new RecentAudio(4);
        recent.add(new float[] {1, 2, 3}, 0, 3);
        recent.clear();
        recent.add(new float[] {4, 5}, 0, 2);

        assertThat(recent.samples()).containsExactly(4, 5);
    }
}
