package io.kscribe.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.compiler.GraphCompiler;
import io.kscribe.engine.WhisperEngine;
import io.kscribe.evaluation.MonoAudio;
import io.kscribe.model.ConsoleProgress;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelStore;
import io.kscribe.model.Sample;
import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.RecognitionStream;
import io.kscribe.recognizer.RecognizerSettings;
import io.kscribe.recognizer.StreamingRecognizer;
import io.kscribe.recognizer.VoiceActivityDetector;
import io.kscribe.schema.Role;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import io.kscribe.schema.Word;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is found missing, with real speech and the real models at their smallest. */
class TallyIT {
    private static VoiceActivityDetector detector;
    private static WhisperEngine engine;
    private static SpeechBank speech;
    private static LoadPlan plan;
    private static List<RecognitionResult> first;
    private static List<RecognitionResult> second;

    @BeforeAll
    static void open() throws Exception {
        ModelStore store = new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError());
        detector = VoiceActivityDetector.open(store.voiceActivityModel());
        engine = WhisperEngine.open(new GraphCompiler(store.home()).compile(store.checkpoint("tiny")));
        speech = SpeechBank.of(List.of(MonoAudio.read(List.of(store.sample(Sample.KENNEDY)))), detector);
        plan = LoadPlan.of(new BenchSettings(2, 0, Duration.ZERO, Duration.ofSeconds(12), 0.45, 3), speech, "run");
        Expectation expectation = new Expectation(TallyIT::islands, TallyIT::channel);
        first = expectation.finals(plan.channels().get(0).script(), task -> task.decode(engine));
        second = expectation.finals(plan.channels().get(1).script(), task -> task.decode(engine));
    }

    @AfterAll
    static void close() {
        engine.close();
        detector.close();
    }

    @Test
    void shouldCutTheRecordingAtItsPauses() {
        assertThat(speech.stretches()).hasSizeBetween(3, 6);
        assertThat(speech.stretches().stream().mapToInt(Stretch::samples).sum() / (double) SpeechBank.RATE_HZ)
                .isBetween(6.0, 10.0);
    }

    @Test
    void shouldExpectAFinalForEachTurn() {
        assertThat(first).hasSize(plan.channels().get(0).script().turns().size());
        assertThat(second).hasSize(plan.channels().get(1).script().turns().size());
    }

    @Test
    void shouldFindNothingMissingWhereNothingIs() {
        assertThat(tally(false, all())).isEqualTo(new Finals(all().size(), all().size(), 0, 0, 0, 0, 0));
        assertThat(tally(true, all())).isEqualTo(new Finals(all().size(), all().size(), 0, 0, 0, 0, all().size()));
    }

    @Test
    void shouldFindWhatIsLostWhatCameTwiceAndWhatIsNobodys() {
        List<Arrival> came = new ArrayList<>(all());
        came.add(came.remove(0));
        came.add(came.get(1));
        came.remove(0);
        RecognitionResult last = first.get(first.size() - 1);
        came.add(arrival(0, last, last.segment() + 5, "more"));

        Finals finals = tally(false, came);

        assertThat(finals.lost()).isEqualTo(1);
        assertThat(finals.doubled()).isEqualTo(1);
        assertThat(finals.unexpected()).isEqualTo(1);
        assertThat(finals.complete()).isFalse();
    }

    @Test
    void shouldFindATextThatIsAnother() {
        List<Arrival> came = new ArrayList<>(all());
        came.set(
                0, arrival(0, first.get(0), first.get(0).segment(), first.get(0).text() + "!"));

        assertThat(tally(false, came).complete()).isTrue();
        assertThat(tally(true, came).changed()).isEqualTo(1);
    }

    private static Finals tally(boolean compareTexts, List<Arrival> finals) {
        return new Tally(new Expectation(TallyIT::islands, TallyIT::channel), task -> task.decode(engine), compareTexts)
                .of(plan, finals);
    }

    private static RecognitionStream islands() {
        return stream(Duration.ZERO);
    }

    private static RecognitionStream channel() {
        return stream(RecognizerSettings.live().context());
    }

    private static RecognitionStream stream(Duration context) {
        RecognizerSettings settings = RecognizerSettings.live().toBuilder()
                .partialInterval(Duration.ZERO)
                .context(context)
                .build();
        return new StreamingRecognizer(engine, detector, settings).open(Optional.of("en"));
    }

    private static List<Arrival> all() {
        List<Arrival> all = new ArrayList<>();
        first.forEach(result -> all.add(arrival(0, result, result.segment(), result.text())));
        second.forEach(result -> all.add(arrival(1, result, result.segment(), result.text())));
        return all;
    }

    private static Arrival arrival(int channel, RecognitionResult result, long segment, String text) {
        Transcript transcript = Transcript.newBuilder()
                .setCallId("run-0")
                .setChannel(channel)
                .setRole(Role.AGENT)
                .setSegmentId(segment)
                .setRevision(result.revision())
                .setStatus(TranscriptStatus.FINAL)
                .setText(text)
                .setStableChars(text.length())
                .setWords(List.<Word>of())
                .setStartMillis(result.startMillis())
                .setEndMillis(result.endMillis())
                .setLanguage(result.language())
                .setConfidence(result.confidence())
                .setModel("tiny")
                .setCapturedAt(Instant.EPOCH)
                .setEmittedAt(Instant.EPOCH)
                .build();
        return new Arrival(transcript, Instant.EPOCH);
    }
}
