package io.kscribe.stream;

import io.kscribe.recognizer.RecognitionTask;
import io.kscribe.recognizer.RecognitionTask.Kind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The tasks that wait to be decoded, and the order in which they are: finals, then finals of islands that only seem to be over, then partials;
 * each kind in the order of asking. A task's kind is what it is when it is chosen.
 *
 * <p>Not thread-safe.
 */
final class InferenceQueue {
    private final InstantSource clock;

    /** In the order of asking. */
    private final List<Job> waiting = new ArrayList<>();

    /**
     * A task and who asked for it.
     *
     * @param done told what became of it
     * @param sinceMillis when it was asked for
     */
    record Job(RecognitionTask task, Done done, long sinceMillis) {}

    /** Is told what became of a task. */
    @FunctionalInterface
    interface Done {
        void accept(InferencePool.Outcome outcome);
    }

    InferenceQueue(InstantSource clock) {
        this.clock = clock;
    }

    /** Adds a task that is asked for now. */
    void add(RecognitionTask task, Done done) {
        waiting.add(new Job(task, done, clock.millis()));
    }

    /** Adds a task in the place of an earlier one, which was asked for at that time. */
    void add(RecognitionTask task, Done done, long sinceMillis) {
        int place = waiting.size();
        while (place > 0 && waiting.get(place - 1).sinceMillis() > sinceMillis) {
            place--;
        }
        waiting.add(place, new Job(task, done, sinceMillis));
    }

    int size() {
        return waiting.size();
    }

    /** How many finals wait, those among them whose island only seems to be over. */
    int finals() {
        return (int) waiting.stream().filter(job -> job.task().isFinal()).count();
    }

    /** How long the task that was asked for first has waited. */
    Duration age() {
        return waiting.isEmpty()
                ? Duration.ZERO
                : Duration.ofMillis(Math.max(0, clock.millis() - waiting.get(0).sinceMillis()));
    }

    /** Takes a task back; tells since when it has waited, or nothing if it does not wait. */
    OptionalLong remove(RecognitionTask task) {
        for (int i = 0; i < waiting.size(); i++) {
            if (waiting.get(i).task().equals(task)) {
                return OptionalLong.of(waiting.remove(i).sinceMillis());
            }
        }
        return OptionalLong.empty();
    }

    void clear() {
        waiting.clear();
    }

    /** Removes the tasks whose decoding would be in vain. */
    List<Job> takeObsolete() {
        List<Job> obsolete = new ArrayList<>();
        for (Iterator<Job> all = waiting.iterator(); all.hasNext(); ) {
            Job job = all.next();
            if (job.task().isObsolete()) {
                obsolete.add(job);
                all.remove();
            }
        }
        return obsolete;
    }

    /**
     * Removes the tasks that are decoded next: one, or several of one kind that are all {@linkplain RecognitionTask#isSociable sociable}.
     *
     * @param mostTogether how many tasks of a kind are decoded side by side
     * @return empty if none waits
     */
    List<Job> takeNext(Map<Kind, Integer> mostTogether) {
        for (Kind kind : Kind.values()) {
            List<Job> jobs =
                    waiting.stream().filter(job -> job.task().kind() == kind).toList();
            if (!jobs.isEmpty()) {
                Job first = jobs.get(0);
                List<Job> next = first.task().isSociable()
                        ? jobs.stream()
                                .filter(job -> job.task().isSociable())
                                .limit(mostTogether.getOrDefault(kind, 1))
                                .toList()
                        : List.of(first);
                waiting.removeAll(next);
                return next;
            }
        }
        return List.of();
    }
}
