package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.recognizer.RecognitionTask;
import io.kscribe.recognizer.RecognitionTask.Kind;
import io.kscribe.stream.InferenceQueue.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class InferenceQueueIT {
    private static final Map<Kind, Integer> TWO_OF_EACH =
            Map.of(Kind.FINAL, 2, Kind.SPECULATIVE_FINAL, 2, Kind.PARTIAL, 2);

    private static Tasks tasks;

    private Instant now = Instant.EPOCH;
    private final InferenceQueue queue = new InferenceQueue(() -> now);

    @BeforeAll
    static void open() throws Exception {
        tasks = new Tasks();
    }

    @Test
    void shouldGiveFinalsThenSpeculativeOnesThenPartialsEachInTheOrderOfAsking() {
        RecognitionTask partial = add(tasks.partial());
        RecognitionTask speculative = add(tasks.speculative());
        RecognitionTask last = add(tasks.last());
        RecognitionTask laterPartial = add(tasks.partial());
        RecognitionTask laterLast = add(tasks.last());

        assertThat(queue.finals()).isEqualTo(3);
        assertThat(next()).containsExactly(last, laterLast);
        assertThat(next()).containsExactly(speculative);
        assertThat(next()).containsExactly(partial, laterPartial);
        assertThat(next()).isEmpty();
    }

    @Test
    void shouldGiveNoMoreThanGoTogether() {
        RecognitionTask first = add(tasks.partial());
        RecognitionTask second = add(tasks.partial());
        RecognitionTask third = add(tasks.partial());

        assertThat(next()).containsExactly(first, second);
        assertThat(next()).containsExactly(third);
    }

    @Test
    void shouldDecodeAFinalOfWhichSomethingIsWrittenByItself() {
        Tasks.Channel channel = tasks.channel();
        channel.write(channel.next(Kind.PARTIAL));
        RecognitionTask first = add(tasks.speculative());
        RecognitionTask written = add(channel.next(Kind.SPECULATIVE_FINAL));
        RecognitionTask third = add(tasks.speculative());

        assertThat(written.isSociable()).isFalse();
        assertThat(next()).containsExactly(first, third);
        assertThat(next()).containsExactly(written);
    }

    @Test
    void shouldTakeATaskForWhatItHasBecome() {
        Tasks.Channel channel = tasks.channel();
        RecognitionTask task = add(channel.next(Kind.SPECULATIVE_FINAL));
        RecognitionTask other = add(tasks.speculative());
        channel.hearUntil(task, Kind.FINAL);

        assertThat(next()).containsExactly(task);
        assertThat(next()).containsExactly(other);
    }

    @Test
    void shouldGiveANewerTaskThePlaceOfTheOneThatWasTakenBack() {
        RecognitionTask older = add(tasks.partial());
        now = now.plusMillis(100);
        RecognitionTask other = add(tasks.partial());
        now = now.plusMillis(100);
        RecognitionTask newer = tasks.partial();

        queue.add(newer, outcome -> {}, queue.remove(older).orElseThrow());

        assertThat(queue.age()).isEqualTo(Duration.ofMillis(200));
        assertThat(next()).containsExactly(newer, other);
        assertThat(queue.remove(older)).isEmpty();
        assertThat(queue.age()).isEqualTo(Duration.ZERO);
    }

    @Test
    void shouldLetObsoleteTasksGo() {
        Tasks.Channel channel = tasks.channel();
        RecognitionTask partial = add(channel.next(Kind.PARTIAL));
        RecognitionTask other = add(tasks.partial());
        assertThat(queue.takeObsolete()).isEmpty();
        channel.outlive(partial);

        assertThat(queue.takeObsolete()).extracting(Job::task).containsExactly(partial);
        assertThat(next()).containsExactly(other);
    }

    private RecognitionTask add(RecognitionTask task) {
        queue.add(task, outcome -> {});
        return task;
    }

    private List<RecognitionTask> next() {
        return queue.takeNext(TWO_OF_EACH).stream().map(Job::task).toList();
    }
}
