package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.stream.StayingAssignor.Owner;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.assignment.ProcessId;
import org.junit.jupiter.api.Test;

class StayingAssignorTest {
    private static final Set<TaskId> EIGHT = tasks(0, 1, 2, 3, 4, 5, 6, 7);
    private static final ProcessId A = new ProcessId(new UUID(0, 1));
    private static final ProcessId B = new ProcessId(new UUID(0, 2));
    private static final ProcessId C = new ProcessId(new UUID(0, 3));

    @Test
    void shouldShareEvenly() {
        Map<ProcessId, SortedSet<TaskId>> shares = shares(Map.of(A, Set.of(), B, Set.of(), C, Set.of()));

        assertThat(shares.values()).extracting(Set::size).containsExactlyInAnyOrder(3, 3, 2);
        assertThat(shares.values().stream().flatMap(Set::stream)).containsExactlyInAnyOrderElementsOf(EIGHT);
    }

    @Test
    void shouldMoveNothingOfThoseThatStayWhenOneGoes() {
        Map<ProcessId, SortedSet<TaskId>> shares = shares(Map.of(A, tasks(0, 3, 6), C, tasks(2, 5)));

        assertThat(shares.get(A)).containsAll(tasks(0, 3, 6)).hasSize(4);
        assertThat(shares.get(C)).containsAll(tasks(2, 5)).hasSize(4);
    }

    @Test
    void shouldMoveNoMoreThanTheShareOfOneThatComes() {
        Map<ProcessId, SortedSet<TaskId>> shares =
                shares(Map.of(A, tasks(0, 2, 4, 6), B, Set.of(), C, tasks(1, 3, 5, 7)));

        assertThat(shares.get(A)).hasSize(3).isSubsetOf(tasks(0, 2, 4, 6));
        assertThat(shares.get(C)).hasSize(3).isSubsetOf(tasks(1, 3, 5, 7));
        assertThat(shares.get(B)).hasSize(2);
    }

    @Test
    void shouldComeToTheSameWhenWhatMovesHasBeenGivenUp() {
        Map<ProcessId, Set<TaskId>> before = Map.of(A, tasks(0, 2, 4, 6), B, Set.of(), C, tasks(1, 3, 5, 7));
        Map<ProcessId, SortedSet<TaskId>> first = shares(before);
        Map<ProcessId, Set<TaskId>> givenUp = new HashMap<>();
        before.forEach((id, tasks) -> {
            Set<TaskId> left = new HashSet<>(tasks);
            left.retainAll(first.get(id));
            givenUp.put(id, left);
        });

        assertThat(shares(givenUp)).isEqualTo(first);
    }

    @Test
    void shouldGiveMoreToWhoHasMoreThreads() {
        Map<ProcessId, SortedSet<TaskId>> shares =
                StayingAssignor.shares(EIGHT, Map.of(A, new Owner(3, Set.of()), B, new Owner(1, EIGHT)));

        assertThat(shares.get(A)).hasSize(6);
        assertThat(shares.get(B)).hasSize(2);
    }

    @Test
    void shouldGiveATaskToOneAloneIfTwoClaimIt() {
        Map<ProcessId, SortedSet<TaskId>> shares = shares(Map.of(A, EIGHT, B, EIGHT));

        assertThat(shares.get(A)).hasSize(4).doesNotContainAnyElementsOf(shares.get(B));
        assertThat(shares.get(B)).hasSize(4);
    }

    private static Map<ProcessId, SortedSet<TaskId>> shares(Map<ProcessId, Set<TaskId>> before) {
        Map<ProcessId, Owner> owners = new HashMap<>();
        before.forEach((id, tasks) -> owners.put(id, new Owner(1, tasks)));
        return StayingAssignor.shares(EIGHT, owners);
    }

    private static Set<TaskId> tasks(int... partitions) {
        return IntStream.of(partitions)
                .mapToObj(partition -> new TaskId(0, partition))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
