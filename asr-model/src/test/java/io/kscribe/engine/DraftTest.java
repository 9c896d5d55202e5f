package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DraftTest {
    @Test
    void shouldGoOnBehindAWordThatWasHeardInAnotherWay() {
        Draft draft = draft(1, 2, 3, 4);
        assertThat(next(draft)).containsExactly(1, 2, 3, 4);
        follow(draft, 1, 9);
        assertThat(next(draft)).containsExactly(3, 4);
    }

    @Test
    void shouldGoOnBehindWhatWasLeftOut() {
        Draft draft = draft(1, 2, 3, 4, 5);
        follow(draft, 1, 4);
        assertThat(next(draft)).containsExactly(5);
    }

    @Test
    void shouldGoOnBehindWhatWasPutIn() {
        Draft draft = draft(1, 2, 3, 4, 5);
        follow(draft, 1, 8, 9);
        assertThat(next(draft)).as("after two that are not in it").isEmpty();
        follow(draft, 2);
        assertThat(next(draft)).containsExactly(3, 4, 5);
    }

    @Test
    void shouldGoOnBehindTheNearestOfSeveral() {
        Draft draft = draft(1, 7, 2, 3, 7, 4, 5, 7, 6);
        follow(draft, 1, 7, 2, 3);
        follow(draft, 7);
        assertThat(next(draft)).containsExactly(4, 5, 7, 6);
    }

    @Test
    void shouldNotLookForATokenFarAway() {
        Draft draft = draft(1, 2, 3, 4, 5, 6, 7, 8);
        follow(draft, 8);
        assertThat(next(draft)).containsExactly(2, 3, 4, 5);
    }

    @Test
    void shouldGiveNoMoreThanThereIsRoomFor() {
        Draft draft = draft(1, 2, 3);
        assertThat(ids(draft.next(2))).containsExactly(1, 2);
        assertThat(draft.next(0)).isEmpty();
        follow(draft, 1, 2, 3, 4, 5);
        assertThat(next(draft)).isEmpty();
    }

    private static Draft draft(int... ids) {
        return new Draft(
                Arrays.stream(ids).mapToObj(id -> new DecodedToken(id, 0)).toList());
    }

    private static void follow(Draft draft, int... ids) {
        for (int id : ids) {
            draft.follow(id);
        }
    }

    private static List<Integer> next(Draft draft) {
        return ids(draft.next(100));
    }

    private static List<Integer> ids(List<DecodedToken> tokens) {
        return tokens.stream().map(DecodedToken::id).toList();
    }
}
