package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PeersTest {
    private final Peers peers = new Peers("us", 3);

    @Test
    void shouldTellOnceWhoMissedSoManyOfOurBeats() {
        assertThat(dead("a", "b", "us", "b", "us", "b", "us", "us", "b", "us")).containsExactly("a at 7");
    }

    @Test
    void shouldStartCountingAnewWithEveryBeat() {
        assertThat(dead("a", "us", "us", "a", "us", "us", "a", "us", "us")).isEmpty();
    }

    @Test
    void shouldSuspectNobodyWhileWeAreNotHeardOurselves() {
        assertThat(dead("a", "b", "b", "b", "b", "b", "b", "us")).isEmpty();
    }

    @Test
    void shouldTellAgainOfOneThatCameBackAndDiedAgain() {
        assertThat(dead("a", "us", "us", "us", "us", "a", "us", "us", "us")).containsExactly("a at 4", "a at 9");
    }

    @Test
    void shouldNotMissOneThatLeft() {
        dead("a", "us");
        peers.left("a");

        assertThat(dead("us", "us", "us", "us")).isEmpty();
    }

    @Test
    void shouldTellWhatTheDeadWasKnownByLast() {
        peers.heard(new Beat("a", Set.of(), Set.of()));
        Beat last = new Beat("a", Set.of("a-1"), Set.of("t-a-1"));
        peers.heard(last);
        dead("us", "us");

        assertThat(peers.heard(new Beat("us", Set.of(), Set.of()))).containsExactly(last);
    }

    /** Who is found dead at which of these beats, from 1. */
    private List<String> dead(String... beats) {
        List<String> dead = new ArrayList<>();
        for (int i = 0; i < beats.length; i++) {
            for (Beat beat : peers.heard(new Beat(beats[i], Set.of(), Set.of()))) {
                dead.add(beat.instance() + " at " + (i + 1));
            }
        }
        return dead;
    }
}
