package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoopGuardTest {
    @Test
    void shouldLetPeopleRepeatThemselves() {
        assertThat(LoopGuard.loopLength(List.of())).isZero();
        assertThat(LoopGuard.loopLength(repeated(9, 7))).isZero();
        assertThat(LoopGuard.loopLength(repeated(4, 1, 2, 3))).isZero();
    }

    @Test
    void shouldNoticeATokenSaidTenTimes() {
        assertThat(LoopGuard.loopLength(repeated(10, 7))).isEqualTo(9);
    }

    @Test
    void shouldNoticeAGroupSaidFiveTimes() {
        assertThat(LoopGuard.loopLength(repeated(5, 1, 2))).isEqualTo(8);
        assertThat(LoopGuard.loopLength(repeated(5, IntStream.range(0, 24).toArray())))
                .isEqualTo(4 * 24);
    }

    @Test
    void shouldCountOnlyWhatRepeatsAtTheEnd() {
        List<DecodedToken> text = repeated(1, 9, 8, 1);
        text.addAll(repeated(5, 1, 2, 3));
        assertThat(LoopGuard.loopLength(text)).isEqualTo(12);
        text.addAll(repeated(1, 4));
        assertThat(LoopGuard.loopLength(text)).isZero();
    }

    @Test
    void shouldNotSearchForGroupsLongerThanAnySentence() {
        assertThat(LoopGuard.loopLength(repeated(5, IntStream.range(0, 25).toArray())))
                .isZero();
    }

    private static List<DecodedToken> repeated(int times, int... group) {
        List<DecodedToken> tokens = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            for (int id : group) {
                tokens.add(new DecodedToken(id, -0.1f));
            }
        }
        return tokens;
    }
}
