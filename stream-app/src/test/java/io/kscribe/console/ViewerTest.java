package io.kscribe.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.console.Event.Kind;
import io.kscribe.console.Event.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ViewerTest {
    private static final Interest EVERYTHING = new Interest(Set.of(), true, Set.of("c1"));

    @Test
    void shouldTellWhatWasMissedFirst() throws Exception {
        Viewer viewer = new Viewer(EVERYTHING, List.of(result(Kind.FINAL, 1, 0)), 10);
        viewer.offer(result(Kind.FINAL, 2, 1));

        assertThat(numbers(viewer)).containsExactly(1L, 2L);
    }

    @Test
    void shouldLetOnlyTheNewestPartialOfASegmentWait() throws Exception {
        Viewer viewer = new Viewer(EVERYTHING, List.of(), 10);
        viewer.offer(result(Kind.PARTIAL, 1, 0));
        viewer.offer(result(Kind.PARTIAL, 2, 1));
        viewer.offer(result(Kind.PARTIAL, 3, 0));

        assertThat(numbers(viewer)).containsExactly(2L, 3L);
    }

    @Test
    void shouldDropThePartialOfASegmentThatIsFinal() throws Exception {
        Viewer viewer = new Viewer(EVERYTHING, List.of(), 10);
        viewer.offer(result(Kind.PARTIAL, 1, 0));
        viewer.offer(result(Kind.FINAL, 2, 0));

        assertThat(numbers(viewer)).containsExactly(2L);
    }

    @Test
    void shouldLosePartialsAndLoudnessBeforeAnythingElse() throws Exception {
        Viewer viewer = new Viewer(EVERYTHING, List.of(), 10);
        for (int i = 0; i < 4; i++) {
            viewer.offer(result(Kind.PARTIAL, 1 + i, i));
        }
        viewer.offer(new Event(5, Kind.LEVELS, "c1", null, "{}"));
        viewer.offer(result(Kind.FINAL, 6, 9));

        assertThat(numbers(viewer)).containsExactly(6L);
        assertThat(viewer.isClosed()).isFalse();
    }

    @Test
    void shouldBeDisconnectedWithTheReasonWhenFinalsAloneAreTooMany() throws Exception {
        Viewer viewer = new Viewer(EVERYTHING, List.of(), 10);
        for (int i = 0; i < 11; i++) {
            viewer.offer(result(Kind.FINAL, 1 + i, i));
        }

        Event end = viewer.next(Duration.ZERO);
        assertThat(end).isNotNull();
        assertThat(end.kind()).isEqualTo(Kind.END);
        assertThat(end.json()).contains("more than 10 events waited");
        assertThat(viewer.isClosed()).isTrue();
        viewer.offer(result(Kind.FINAL, 12, 12));
        assertThat(viewer.next(Duration.ZERO)).isNull();
    }

    @Test
    void shouldGetWhatWaitsBeforeItIsDisconnected() throws Exception {
        Viewer viewer = new Viewer(EVERYTHING, List.of(), 10);
        viewer.offer(result(Kind.FINAL, 1, 0));
        viewer.end("Good night.");

        assertThat(numbers(viewer)).containsExactly(1L, 0L);
    }

    @Test
    void shouldHearOnlyOfWhatItCaresFor() throws Exception {
        Viewer viewer = new Viewer(new Interest(Set.of("c2"), false, Set.of()), List.of(), 10);
        viewer.offer(result(Kind.FINAL, 1, 0));
        viewer.offer(new Event(2, Kind.PARTIAL, "c2", new Place(0, 0), "{}"));
        viewer.offer(new Event(3, Kind.LEVELS, "c2", null, "{}"));
        viewer.offer(new Event(4, Kind.FINAL, "c2", new Place(0, 0), "{}"));

        assertThat(numbers(viewer)).containsExactly(4L);
    }

    @Test
    void shouldWaitForWhatComes() throws Exception {
        Viewer viewer = new Viewer(EVERYTHING, List.of(), 10);
        Thread later = new Thread(() -> viewer.offer(result(Kind.FINAL, 1, 0)));
        later.start();

        assertThat(viewer.next(Duration.ofSeconds(30))).isNotNull();
        later.join();
    }

    private static List<Long> numbers(Viewer viewer) throws InterruptedException {
        List<Long> numbers = new ArrayList<>();
        for (Event next = viewer.next(Duration.ZERO); next != null; next = viewer.next(Duration.ZERO)) {
            numbers.add(next.number());
        }
        return numbers;
    }

    private static Event result(Kind kind, long number, long segment) {
        return new Event(number, kind, "c1", new Place(0, segment), "{}");
    }
}
