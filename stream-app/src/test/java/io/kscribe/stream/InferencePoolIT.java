package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.engine.Transcription;
import io.kscribe.recognizer.RecognitionTask;
import io.kscribe.recognizer.RecognitionTask.Kind;
import io.kscribe.stream.InferencePool.Outcome;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One worker, which begins when the test says so, so that what it finds is known. */
class InferencePoolIT {
    private static Tasks tasks;

    private final CountDownLatch free = new CountDownLatch(1);
    private final CountDownLatch atWork = new CountDownLatch(1);
    private volatile boolean failing;
    private final BlockingQueue<List<RecognitionTask>> batches = new LinkedBlockingQueue<>();
    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private final InferencePool pool =
            new InferencePool(this::decode, 1, new InferenceLimits(3, 2), InstantSource.system());

    @BeforeAll
    static void open() throws Exception {
        tasks = new Tasks();
    }

    @AfterEach
    void stop() {
        free.countDown();
        pool.close();
    }

    @Test
    void shouldDecodePartialsTogetherAndFinalsTogether() throws Exception {
        RecognitionTask first = begin();
        List<RecognitionTask> partials = List.of(tasks.partial(), tasks.partial(), tasks.partial(), tasks.partial());
        partials.forEach(this::submit);
        RecognitionTask last = submit(tasks.last());
        RecognitionTask another = submit(tasks.last());
        free.countDown();

        assertThat(batch()).containsExactly(first);
        assertThat(batch()).containsExactly(last, another);
        assertThat(batch()).isEqualTo(partials.subList(0, 3));
        assertThat(batch()).isEqualTo(partials.subList(3, 4));
        for (int i = 0; i < 7; i++) {
            assertThat(outcome().transcription()).isNotNull();
        }
        InferencePool.Load load = pool.load();
        assertThat(load.decoded()).containsEntry(Kind.FINAL, 2L).containsEntry(Kind.PARTIAL, 5L);
        assertThat(load.batches()).isEqualTo(4);
        assertThat(load.waiting()).isZero();
    }

    @Test
    void shouldSayThatATaskWasLeftOutBecauseItBecameObsolete() throws Exception {
        begin();
        Tasks.Channel channel = tasks.channel();
        RecognitionTask partial = submit(channel.next(Kind.PARTIAL));
        channel.outlive(partial);
        free.countDown();

        outcome();
        Outcome leftOut = outcome();
        assertThat(leftOut).isEqualTo(new Outcome(partial, null, null));
        assertThat(pool.load().leftOut()).isEqualTo(1);
    }

    @Test
    void shouldGiveBackWhatHasNotBegunAndNothingElse() throws Exception {
        RecognitionTask begun = begin();
        RecognitionTask waiting = submit(tasks.partial());

        assertThat(pool.withdraw(begun)).isEmpty();
        assertThat(pool.withdraw(waiting)).isPresent();
        assertThat(pool.withdraw(waiting)).isEmpty();
        assertThat(pool.load().waiting()).isZero();
    }

    @Test
    void shouldTellEachOfABatchThatFailed() throws Exception {
        begin();
        submit(tasks.partial());
        submit(tasks.partial());
        failing = true;
        free.countDown();

        for (int i = 0; i < 3; i++) {
            assertThat(outcome().failure()).hasMessage("no");
        }
        failing = false;
        submit(tasks.last());
        assertThat(outcome().transcription()).isNotNull();
    }

    private List<Transcription> decode(List<RecognitionTask> together) {
        batches.add(together);
        atWork.countDown();
        try {
            free.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (failing) {
            throw new IllegalStateException("no");
        }
        return Collections.nCopies(together.size(), Tasks.nothing());
    }

    /** Has the worker begin with something, so that it takes nothing else. */
    private RecognitionTask begin() throws InterruptedException {
        RecognitionTask first = submit(tasks.partial());
        atWork.await();
        return first;
    }

    private RecognitionTask submit(RecognitionTask task) {
        pool.submit(task, outcomes::add);
        return task;
    }

    private List<RecognitionTask> batch() throws InterruptedException {
        return Objects.requireNonNull(batches.poll(60, TimeUnit.SECONDS));
    }

    private Outcome outcome() throws InterruptedException {
        return Objects.requireNonNull(outcomes.poll(60, TimeUnit.SECONDS));
    }
}
