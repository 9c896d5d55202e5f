package io.kscribe.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.console.Event.Kind;
import io.kscribe.console.ScriptedCall.Turn;
import io.kscribe.console.TranscriptHub.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TranscriptHubTest {
    private static final Interest FINALS = new Interest(Set.of(), false, Set.of());
    private static final Instant START = Instant.ofEpochMilli(1_790_000_000_000L);
    private static final List<Turn> TALK = List.of(
            new Turn(0, 500, "Good morning, this is the help desk."), new Turn(1, 4000, "Hello, my parcel is lost."));

    private Instant now = START;
    private final InstantSource clock = () -> now;
    private TranscriptHub hub = hub(500, 128_000_000);

    @Test
    void shouldKnowACallFromItsFirstSound() {
        play("c1", 200);

        Snapshot call = hub.call("c1").orElseThrow();
        assertThat(call.live()).isTrue();
        assertThat(call.summary()).containsEntry("startedAt", START.toEpochMilli());
        assertThat(call.finals()).isEmpty();
    }

    @Test
    void shouldReplacePartialsByTheirFinal() {
        ScriptedCall call = play("c1", 2000);
        assertThat(hub.call("c1").orElseThrow().partials()).hasSize(1);

        now = START.plusSeconds(10);
        call.playTo(10_000, hub);

        Snapshot said = hub.call("c1").orElseThrow();
        assertThat(said.partials()).isEmpty();
        assertThat(said.finals())
                .extracting(kept -> kept.transcript().getText())
                .containsExactly("Good morning, this is the help desk.", "Hello, my parcel is lost.");
    }

    @Test
    void shouldTellAViewerThatComesBackWhatItHasMissedAndNothingElse() throws Exception {
        ScriptedCall call = play("c1", 5000);
        String seen = hub.position().toString();
        now = START.plusSeconds(10);
        call.playTo(10_000, hub);

        Viewer viewer = hub.watch(FINALS, seen).orElseThrow();

        assertThat(texts(viewer)).containsExactly("Hello, my parcel is lost.");
    }

    @Test
    void shouldTellEverythingToAViewerOfAnotherRun() throws Exception {
        play("c1", 10_000);

        assertThat(kinds(hub.watch(FINALS, "elsewhere-3").orElseThrow()))
                .startsWith(Kind.RESET)
                .containsExactlyInAnyOrder(Kind.RESET, Kind.CALL, Kind.FINAL, Kind.FINAL);
        assertThat(kinds(hub.watch(FINALS, "0").orElseThrow())).startsWith(Kind.RESET);
        assertThat(kinds(hub.watch(FINALS, hub.id(hub.position().number() + 1).toString())
                        .orElseThrow()))
                .startsWith(Kind.RESET);
    }

    @Test
    void shouldTellNothingOldToAViewerThatDoesNotAsk() throws Exception {
        play("c1", 10_000);

        assertThat(kinds(hub.watch(FINALS, null).orElseThrow())).isEmpty();
    }

    @Test
    void shouldBeginWithAllTheLoudnessThatIsKnown() throws Exception {
        play("c1", 1000);

        Viewer viewer =
                hub.watch(new Interest(Set.of(), false, Set.of("c1")), null).orElseThrow();

        Event levels = viewer.next(Duration.ZERO);
        assertThat(levels).isNotNull();
        assertThat(levels.json()).contains("\"channel\":0,\"fromMillis\":0,\"stepMillis\":100,\"levels\":[-5");
    }

    @Test
    void shouldTakeWhatKafkaBringsAgainForNothingNew() throws Exception {
        play("c1", 10_000);
        Viewer viewer = hub.watch(FINALS, null).orElseThrow();

        hub.said(hub.call("c1").orElseThrow().finals().get(0).transcript());

        assertThat(kinds(viewer)).isEmpty();
    }

    @Test
    void shouldSeeThatACallHasEnded() throws Exception {
        ScriptedCall call = play("c1", 2000);
        Viewer viewer = hub.watch(FINALS, null).orElseThrow();
        call.end(hub);

        assertThat(hub.call("c1").orElseThrow().live()).isFalse();
        assertThat(kinds(viewer)).contains(Kind.CALL);
    }

    @Test
    void shouldTakeACallThatHasFallenSilentForEnded() {
        play("c1", 2000);
        now = START.plusSeconds(61);
        hub.tick();
        assertThat(hub.call("c1").orElseThrow().live()).isTrue();

        now = START.plusSeconds(62);
        hub.tick();

        assertThat(hub.call("c1").orElseThrow().live()).isFalse();
    }

    @Test
    void shouldBeginAnewWhenAnIdIsUsedAgain() {
        play("c1", 10_000).end(hub);

        new ScriptedCall("c1", now, Map.of(), List.of()).playTo(100, hub);

        assertThat(hub.call("c1").orElseThrow().finals()).isEmpty();
        assertThat(hub.call("c1").orElseThrow().live()).isTrue();
    }

    @Test
    void shouldForgetTheCallThatWasHeardOfLongestAgo() throws Exception {
        hub = hub(2, 128_000_000);
        play("c1", 1000);
        play("c2", 1000);
        String seen = hub.position().toString();
        play("c3", 1000);

        assertThat(hub.calls()).extracting(Snapshot::callId).containsExactlyInAnyOrder("c2", "c3");
        assertThat(kinds(hub.watch(FINALS, seen).orElseThrow())).startsWith(Kind.RESET);
    }

    @Test
    void shouldForgetCallsThatAreTooMuch() {
        hub = hub(500, 10_000);
        play("c1", 10_000);
        play("c2", 10_000);

        assertThat(hub.calls()).extracting(Snapshot::callId).containsExactly("c2");
    }

    @Test
    void shouldForgetTheBeginningOfACallThatIsTooMuchAlone() {
        hub = hub(500, 4000);
        play("c1", 10_000);

        assertThat(hub.call("c1").orElseThrow().finals())
                .extracting(kept -> kept.transcript().getText())
                .containsExactly("Hello, my parcel is lost.");
    }

    @Test
    void shouldForgetCallsWithTime() {
        play("c1", 1000);
        now = now.plus(ConsoleLimits.standard().keptTime()).plusMillis(1);
        hub.tick();

        assertThat(hub.calls()).isEmpty();
    }

    @Test
    void shouldTurnAwayOneViewerTooMany() {
        for (int i = 0; i < ConsoleLimits.standard().viewers(); i++) {
            assertThat(hub.watch(FINALS, null)).isPresent();
        }
        Viewer last = hub.watch(FINALS, null).orElse(null);

        assertThat(last).isNull();
    }

    @Test
    void shouldHaveRoomAgainWhenAViewerHasGone() {
        List<Viewer> viewers = new ArrayList<>();
        for (int i = 0; i < ConsoleLimits.standard().viewers(); i++) {
            viewers.add(hub.watch(FINALS, null).orElseThrow());
        }
        viewers.get(7).close();

        assertThat(hub.watch(FINALS, null)).isPresent();
    }

    private ScriptedCall play(String id, long millis) {
        ScriptedCall call = new ScriptedCall(id, START, Map.of(), TALK);
        now = START.plusMillis(millis);
        call.playTo(millis, hub);
        return call;
    }

    private TranscriptHub hub(int calls, int bytes) {
        ConsoleLimits usual = ConsoleLimits.standard();
        return new TranscriptHub(
                new ConsoleLimits(
                        calls,
                        usual.keptTime(),
                        bytes,
                        usual.keptLoudness(),
                        usual.silentCall(),
                        usual.viewers(),
                        usual.viewerEvents(),
                        usual.viewerHeartbeat()),
                clock);
    }

    private static List<Event> told(Viewer viewer) throws InterruptedException {
        List<Event> told = new ArrayList<>();
        for (Event next = viewer.next(Duration.ZERO); next != null; next = viewer.next(Duration.ZERO)) {
            told.add(next);
        }
        return told;
    }

    private static List<Kind> kinds(Viewer viewer) throws InterruptedException {
        return told(viewer).stream().map(Event::kind).toList();
    }

    private static List<String> texts(Viewer viewer) throws InterruptedException {
        return told(viewer).stream()
                .filter(event -> event.kind() == Kind.FINAL)
                .map(event -> event.json().replaceFirst(".*\"text\":\"([^\"]*)\",\"stable.*", "$1"))
                .toList();
    }
}
