package io.kscribe.stream;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.assignment.ApplicationState;
import org.apache.kafka.streams.processor.assignment.KafkaStreamsAssignment;
import org.apache.kafka.streams.processor.assignment.KafkaStreamsAssignment.AssignedTask;
import org.apache.kafka.streams.processor.assignment.KafkaStreamsState;
import org.apache.kafka.streams.processor.assignment.ProcessId;
import org.apache.kafka.streams.processor.assignment.TaskAssignor;

/**
 * Leaves tasks where they are, and moves no more than it must for all instances to have as many for each of their threads: a task that moves
 * is a gap in the calls of its partition.
 *
 * <p>Who is to get a task that another must give up first follows from how many each has. So when it has been given up, and belongs to nobody,
 * the same comes out, and nothing moves a second time. Where state is does not matter: it is never on disk.
 */
public final class StayingAssignor implements TaskAssignor {

    /**
     * An instance as it is.
     *
     * @param threads that work on tasks
     * @param tasks that it has
     */
    record Owner(int threads, Set<TaskId> tasks) {}

    @Override
    public TaskAssignment assign(ApplicationState state) {
        Map<ProcessId, Owner> owners = new HashMap<>();
        for (KafkaStreamsState owner : state.kafkaStreamsStates(false).values()) {
            owners.put(owner.processId(), new Owner(owner.numProcessingThreads(), owner.previousActiveTasks()));
        }
        return new TaskAssignment(shares(state.allTasks().keySet(), owners).entrySet().stream()
                .map(share -> KafkaStreamsAssignment.of(share.getKey(), active(share.getValue())))
                .toList());
    }

    private static Set<AssignedTask> active(Set<TaskId> tasks) {
        return tasks.stream()
                .map(task -> new AssignedTask(task, AssignedTask.Type.ACTIVE))
                .collect(Collectors.toSet());
    }

    /** What an instance is to have. */
    private record Share(ProcessId id, int threads, SortedSet<TaskId> tasks) {
        /** Tasks for each thread, with so many more. */
        private double load(int more) {
            return (double) (tasks.size() + more) / threads;
        }
    }

    /** Shares tasks out among instances, of which there is one at least. */
    static Map<ProcessId, SortedSet<TaskId>> shares(Set<TaskId> tasks, Map<ProcessId, Owner> owners) {
        SortedSet<TaskId> free = new TreeSet<>(tasks);
        List<Share> shares = new ArrayList<>();
        new TreeMap<>(owners).forEach((id, owner) -> {
            SortedSet<TaskId> kept = new TreeSet<>(owner.tasks());
            kept.retainAll(free);
            free.removeAll(kept);
            shares.add(new Share(id, owner.threads(), kept));
        });
        free.forEach(task -> least(shares).tasks().add(task));
        Share least = least(shares);
        Share most = most(shares);
        while (most.load(0) > least.load(1)) {
            TaskId moved = most.tasks().last();
            most.tasks().remove(moved);
            least.tasks().add(moved);
            least = least(shares);
            most = most(shares);
        }
        return shares.stream().collect(Collectors.toMap(Share::id, Share::tasks));
    }

    /** Who would have least with one task more. */
    private static Share least(List<Share> shares) {
        return Collections.min(shares, Comparator.comparingDouble(share -> share.load(1)));
    }

    private static Share most(List<Share> shares) {
        return Collections.max(shares, Comparator.comparingDouble(share -> share.load(0)));
    }
}
