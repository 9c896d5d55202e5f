package io.kscribe.recognizer;

import static io.kscribe.recognizer.Listener.finals;
import static io.kscribe.testing.Words.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.kscribe.engine.DecodedToken;
import io.kscribe.engine.Transcription;
import io.kscribe.engine.WhisperEngine;
import io.kscribe.evaluation.TelephoneChannel;
import io.kscribe.model.Sample;
import io.kscribe.recognizer.Listener.Pace;
import io.kscribe.testing.Models;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(Models.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecognitionStreamIT {
    private static final int MILLI = 16;
    private static final int SECOND = 1000 * MILLI;
    private static final int CHUNK = 100 * MILLI;
    private static final long FRAME_MILLIS = 32;
    private static final Optional<String> ENGLISH = Optional.of("en");

    private final VoiceActivityDetector detector;
    private final WhisperEngine engine;
    private final float[] kennedy;
    private final float[] apollo;
    private final Listener live;
    private final Listener cutting;

    RecognitionStreamIT(Models models) throws Exception {
        detector = models.detector();
        engine = models.engine("tiny");
        kennedy = models.audio(Sample.KENNEDY);
        apollo = models.audio(Sample.APOLLO_13);
        live = new Listener(engine, detector, RecognizerSettings.live(), ENGLISH);
        cutting = new Listener(engine, detector, longestIsland(Duration.ofSeconds(3), 96), ENGLISH);
    }

    @ParameterizedTest
    @EnumSource(Sample.class)
    void shouldSayEachFinalOnceInTheOrderOfTime(Sample sample) {
        List<RecognitionResult> finals = finals(live.hear(audio(sample), CHUNK, Pace.AT_ONCE));
        assertThat(finals).hasSizeGreaterThan(2);
        long before = 0;
        long segment = -1;
        for (RecognitionResult result : finals) {
            assertThat(result.segment()).isGreaterThan(segment);
            assertThat(result.startMillis()).isGreaterThanOrEqualTo(before);
            assertThat(result.endMillis()).isBetween(result.startMillis(), (long) audio(sample).length / MILLI);
            assertThat(result.stableChars()).isEqualTo(result.text().length());
            assertThat(result.words()).allMatch(SpokenWord::stable);
            assertThat(result.truncated()).isFalse();
            segment = result.segment();
            before = result.endMillis();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "KENNEDY, 1, AT_ONCE",
        "KENNEDY, 320, AT_ONCE",
        "KENNEDY, 5328, AT_ONCE",
        "KENNEDY, 80000, AT_ONCE",
        "KENNEDY, 1600, FINALS_ONLY",
        "KENNEDY, 320, LATE",
        "KENNEDY, 1600, LATE",
        "KENNEDY, 5328, LATE",
        "KENNEDY, 80000, LATE",
        "APOLLO_13, 7, FINALS_ONLY",
        "APOLLO_13, 320, AT_ONCE",
        "APOLLO_13, 5328, AT_ONCE",
        "APOLLO_13, 80000, AT_ONCE",
        "APOLLO_13, 1600, FINALS_ONLY",
        "APOLLO_13, 320, LATE",
        "APOLLO_13, 5328, LATE",
        "APOLLO_13, 80000, LATE"
    })
    void shouldSayTheSameFinalsWhateverTheChunksAndThePace(Sample sample, int chunkSamples, Pace pace) {
        for (Listener listener : List.of(live, cutting)) {
            List<RecognitionResult> expected = finals(listener.hear(audio(sample), CHUNK, Pace.AT_ONCE));
            List<RecognitionResult> results = listener.hear(audio(sample), chunkSamples, pace);
            assertThat(finals(results)).isEqualTo(expected);
            assertThatRevisionsKeepTheirPromises(results);
        }
    }

    /** Later revisions count the frames heard, and begin with what was stable before, unless all is taken back; nothing follows a final. */
    private static void assertThatRevisionsKeepTheirPromises(List<RecognitionResult> results) {
        Map<Long, RecognitionResult> latest = new HashMap<>();
        for (RecognitionResult result : results) {
            RecognitionResult before = latest.put(result.segment(), result);
            assertThat(result.stableChars()).isLessThanOrEqualTo(result.text().length());
            if (before != null) {
                assertThat(before.isFinal()).isFalse();
                assertThat(result.revision()).isGreaterThan(before.revision());
                boolean takenBack = !result.isFinal() && result.text().isEmpty();
                if (!result.isFinal() && !takenBack) {
                    int frames = result.revision() - before.revision();
                    assertThat(result.endMillis() - before.endMillis()).isEqualTo(frames * FRAME_MILLIS);
                    assertThat(result.stableChars()).isGreaterThanOrEqualTo(before.stableChars());
                    assertThat(result.text()).startsWith(before.text().substring(0, before.stableChars()));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Sample.class)
    void shouldSayAPartialAtLeastEverySecondOfSpeech(Sample sample) {
        List<RecognitionResult> results = live.hear(audio(sample), CHUNK, Pace.AT_ONCE);
        for (RecognitionResult last : finals(results)) {
            long spoken = last.endMillis() - last.startMillis();
            assertThat(results.stream().filter(result -> !result.isFinal() && result.segment() == last.segment()))
                    .hasSizeGreaterThanOrEqualTo((int) (spoken / 1000));
        }
    }

    @ParameterizedTest
    @CsvSource({"KENNEDY, AT_ONCE, 50", "KENNEDY, LATE, 10", "APOLLO_13, FINALS_ONLY, 10", "APOLLO_13, LATE, 5"})
    void shouldSayTheSameFinalsIfItIsStoppedAndContinuedAnywhere(Sample sample, Pace pace, int times) {
        for (Listener listener : List.of(live, cutting)) {
            List<RecognitionResult> expected = finals(listener.hear(audio(sample), CHUNK, Pace.AT_ONCE));
            Random random = new Random(20);
            for (int i = 0; i < times; i++) {
                int split = random.nextInt(audio(sample).length);
                assertThat(listener.finalsInTwoParts(audio(sample), split, CHUNK, pace))
                        .as("split at sample %d", split)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void shouldCutSpeechThatIsTooLongAndLoseNothingOfIt() {
        List<RecognitionResult> finals = finals(cutting.hear(apollo, CHUNK, Pace.AT_ONCE));
        assertThat(finals).filteredOn(RecognitionResult::truncated).isNotEmpty();
        assertThat(finals)
                .allSatisfy(result ->
                        assertThat(result.endMillis() - result.startMillis()).isLessThanOrEqualTo(3032));
        assertThat(finals).extracting(RecognitionResult::segment).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void shouldDropNoiseHoweverLongItLasts() {
        // Nothing is ever spoken long enough to count: what is cut off is dropped as what ends in silence is.
        Listener strict = new Listener(engine, detector, longestIsland(Duration.ofSeconds(1), 1000), ENGLISH);
        List<RecognitionResult> finals = finals(strict.hear(apollo, CHUNK, Pace.AT_ONCE));
        assertThat(finals).extracting(RecognitionResult::segment).doesNotHaveDuplicates();
        Listener lenient = new Listener(engine, detector, longestIsland(Duration.ofSeconds(1), 96), ENGLISH);
        assertThat(finals.size())
                .isLessThan(finals(lenient.hear(apollo, CHUNK, Pace.AT_ONCE)).size());
    }

    @ParameterizedTest
    @EnumSource(TelephoneSound.class)
    void shouldSayNothingOfWhatIsNoSpeech(TelephoneSound sound) {
        float[] heard = sound.samples(20 * SECOND);
        for (RecognizerSettings settings : List.of(
                RecognizerSettings.live(),
                RecognizerSettings.live().toBuilder().strict(true).build())) {
            Listener listener = new Listener(engine, detector, settings, ENGLISH);
            assertThat(listener.hear(heard, CHUNK, Pace.AT_ONCE)).isEmpty();
            assertThat(listener.hear(TelephoneChannel.pass(heard, SECOND), CHUNK, Pace.AT_ONCE))
                    .isEmpty();
        }
    }

    @Test
    void shouldHearNothingBelowTheLoudnessFloor() {
        float[] quiet = new float[kennedy.length];
        for (int i = 0; i < quiet.length; i++) {
            quiet[i] = kennedy[i] / 10;
        }
        assertThat(live.hear(quiet, CHUNK, Pace.AT_ONCE)).isNotEmpty();

        RecognizerSettings loud =
                RecognizerSettings.live().toBuilder().loudnessFloorDbfs(-25).build();
        assertThat(new Listener(engine, detector, loud, ENGLISH).hear(quiet, CHUNK, Pace.AT_ONCE))
                .isEmpty();
        assertThat(new Listener(engine, detector, loud, ENGLISH).hear(kennedy, CHUNK, Pace.AT_ONCE))
                .isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Pace.class,
            names = {"AT_ONCE", "LATE"})
    void shouldTakeNoStableWordBackInStrictMode(Pace pace) {
        for (RecognizerSettings settings :
                List.of(RecognizerSettings.live(), longestIsland(Duration.ofSeconds(3), 96))) {
            Listener strict = new Listener(
                    engine, detector, settings.toBuilder().strict(true).build(), ENGLISH);
            Map<Long, RecognitionResult> latest = new HashMap<>();
            int kept = 0;
            for (RecognitionResult result : strict.hear(apollo, CHUNK, pace)) {
                RecognitionResult before = latest.put(result.segment(), result);
                if (before != null) {
                    assertThat(result.text()).startsWith(before.text().substring(0, before.stableChars()));
                    kept += result.isFinal() && before.stableChars() > 0 ? 1 : 0;
                }
            }
            assertThat(kept).isPositive();
            // What a sound seemed to say may be taken back as a whole, if none of it was stable.
            assertThat(latest.values())
                    .allMatch(result -> result.isFinal() || result.text().isEmpty());
        }
    }

    @Test
    void shouldDetectTheLanguageOfEachLongSegmentIfItIsMultilingual() {
        RecognizerSettings settings =
                RecognizerSettings.live().toBuilder().multilingual(true).build();
        RecognitionStream given = new Listener(engine, detector, settings, ENGLISH).stream();
        assertThat(given.request(60 * SECOND).language()).contains("en");

        RecognitionStream stream = new Listener(engine, detector, settings, Optional.empty()).stream();
        stream.accept(0, kennedy);
        stream.end();
        // A short segment may be doubtful: then it is heard more than once, and may get no text.
        Set<Long> detected = new HashSet<>();
        Set<Long> decoded = new HashSet<>();
        int taken = 0;
        for (Optional<RecognitionTask> due = stream.poll(); due.isPresent(); due = stream.poll()) {
            RecognitionTask task = due.get();
            boolean isLong = task.samples() >= 2 * SECOND;
            boolean isFirst = stream.state().language().isEmpty();
            assertThat(task.request().language().isEmpty()).isEqualTo(isLong || isFirst);
            decoded.add(task.segment());
            if (task.request().language().isEmpty()) {
                detected.add(task.segment());
            }
            assertThat(stream.poll().filter(RecognitionTask::isFinal)).isEmpty();
            stream.apply(task, live.decode(task));
            taken += stream.takeResults().size();
        }
        assertThat(detected).hasSizeGreaterThan(1);
        assertThat(decoded).hasSizeGreaterThan(detected.size());
        assertThat(taken).isGreaterThanOrEqualTo(detected.size());
        assertThat(stream.state().language()).contains("en");
    }

    @Test
    void shouldRefuseAudioThatIsNotNext() {
        RecognitionStream stream = live.stream();
        stream.accept(0, new float[1000]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stream.accept(0, new float[1000]))
                .withMessage("the stream is to hear sample 1000 next, not sample 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stream.accept(1001, new float[1]))
                .withMessage("the stream is to hear sample 1000 next, not sample 1001");
        stream.accept(1000, new float[5000]);
        StreamState state = stream.state();
        assertThat(state.retainFrom()).isPositive();
        assertThat(live.stream(state).nextSample()).isEqualTo(state.retainFrom());
    }

    @Test
    void shouldSayAFinalThatWasReadyAsSoonAsTheSilenceIsLongEnough() {
        RecognitionStream stream = live.stream();
        int at = hearUntilAFinalIsReady(stream);
        stream.accept(stream.nextSample(), Arrays.copyOfRange(kennedy, at, at + 320 * MILLI));
        assertThat(stream.takeResults())
                .singleElement()
                .satisfies(result -> assertThat(result.isFinal()).isTrue())
                .satisfies(result -> assertThat(plain(result.text())).isEqualTo("and so my fellow americans"));
        assertThat(stream.state().segment()).isEqualTo(1);
    }

    @Test
    void shouldSayAFinalThatWasReadyWhenTheChannelEnds() {
        RecognitionStream stream = live.stream();
        hearUntilAFinalIsReady(stream);
        stream.end();
        assertThat(stream.finished()).isFalse();
        assertThat(stream.takeResults()).singleElement().matches(RecognitionResult::isFinal);
        assertThat(stream.finished()).isTrue();
    }

    /** Up to the moment at which the first island may be over, with its text decoded. */
    private int hearUntilAFinalIsReady(RecognitionStream stream) {
        for (int at = 0; ; at += 10 * MILLI) {
            stream.accept(stream.nextSample(), Arrays.copyOfRange(kennedy, at, at + 10 * MILLI));
            for (Optional<RecognitionTask> due = stream.poll(); due.isPresent(); due = stream.poll()) {
                stream.apply(due.get(), live.decode(due.get()));
                if (due.get().isFinal()) {
                    assertThat(stream.takeResults()).isNotEmpty().noneMatch(RecognitionResult::isFinal);
                    return at + 10 * MILLI;
                }
            }
        }
    }

    @Test
    void shouldHearAFinalAgainBehindWhatWasSaidBeforeIfTheModelIsNotSureOfIt() {
        RecognitionStream stream = live.stream();
        Transcription first = hearTheFirstFinal(stream);
        RecognitionTask alone = stream.poll().orElseThrow();
        Transcription unsure = withLogProbability(live.decode(alone), -0.51f);
        stream.apply(alone, unsure);
        assertThat(stream.takeResults()).noneMatch(RecognitionResult::isFinal);
        RecognitionTask together = stream.poll().orElseThrow();

        assertThat(together.isFinal()).isTrue();
        assertThat(together.startMillis()).isEqualTo(alone.startMillis());
        assertThat(together.samples()).isEqualTo(alone.samples());
        assertThat(together.window().samples()).isEqualTo(together.preface().samples().length + together.samples());
        assertThat(together.request().prefix())
                .extracting(DecodedToken::id)
                .containsExactlyElementsOf(
                        first.tokens().stream().map(DecodedToken::id).toList());
        assertThat(together.request().draft()).isEqualTo(unsure.tokens());
        stream.apply(together, live.decode(together));
        RecognitionResult result = finals(stream.takeResults()).get(0);
        assertThat(result.words().get(0).startMillis()).isBetween(together.startMillis(), together.endMillis());
        assertThat(plain(result.text())).contains("not").doesNotContain("americans");
    }

    @Test
    void shouldLeaveAFinalAsItIsIfTheModelIsSureOfIt() {
        RecognitionStream stream = live.stream();
        hearTheFirstFinal(stream);
        RecognitionTask alone = stream.poll().orElseThrow();
        Transcription sure = withLogProbability(live.decode(alone), -0.5f);
        stream.apply(alone, sure);
        assertThat(finals(stream.takeResults()))
                .extracting(RecognitionResult::text)
                .containsExactly(sure.text());
    }

    @Test
    void shouldKeepWhatWasHeardOfAFinalByItselfIfNothingWasHeardOfItBehindWhatWasSaidBefore() {
        RecognitionStream stream = live.stream();
        Transcription first = hearTheFirstFinal(stream);
        RecognitionTask alone = stream.poll().orElseThrow();
        Transcription unsure = withLogProbability(live.decode(alone), -0.6f);
        stream.apply(alone, unsure);
        RecognitionTask together = stream.poll().orElseThrow();
        stream.apply(together, first);
        assertThat(finals(stream.takeResults()))
                .extracting(RecognitionResult::text)
                .containsExactly(unsure.text());
    }

    @Test
    void shouldHearWhatDoesNotEndOverTheFullWindowOnlyIfThatBehindWhatWasSaidBeforeDoesNotHelp() {
        RecognitionStream stream = live.stream();
        Transcription first = hearTheFirstFinal(stream);
        RecognitionTask alone = stream.poll().orElseThrow();
        assertThat(alone.request().settings().fallback().fullWindow()).isFalse();
        Transcription heard = withLogProbability(live.decode(alone), -0.6f);
        stream.apply(alone, endless(heard));
        RecognitionTask together = stream.poll().orElseThrow();
        assertThat(together.window().samples()).isGreaterThan(alone.window().samples());
        stream.apply(together, first);
        assertThat(stream.takeResults()).noneMatch(RecognitionResult::isFinal);
        RecognitionTask whole = stream.poll().orElseThrow();

        assertThat(whole.window().samples()).isEqualTo(alone.window().samples());
        assertThat(whole.request().settings().fallback().fullWindow()).isTrue();
        stream.apply(whole, heard);
        assertThat(finals(stream.takeResults()))
                .extracting(RecognitionResult::text)
                .containsExactly(heard.text());
    }

    private static Transcription endless(Transcription text) {
        return with(text, text.averageLogProbability(), false);
    }

    /** The first of the sample's finals, which has nothing before it. */
    private Transcription hearTheFirstFinal(RecognitionStream stream) {
        stream.accept(stream.nextSample(), kennedy);
        stream.end();
        RecognitionTask task = stream.poll().orElseThrow();
        assertThat(task.window().samples()).isEqualTo(task.samples());
        assertThat(stream.poll()).as("the second may need the first").isEmpty();
        Transcription first = live.decode(task);
        stream.apply(task, first);
        assertThat(finals(stream.takeResults())).hasSize(1);
        return first;
    }

    private static Transcription withLogProbability(Transcription text, float average) {
        return with(text, average, text.complete());
    }

    private static Transcription with(Transcription text, float averageLogProbability, boolean complete) {
        return new Transcription(
                text.language(),
                text.languageProbability(),
                text.tokens(),
                text.text(),
                text.words(),
                text.segments(),
                averageLogProbability,
                text.noSpeechProbability(),
                text.temperature(),
                complete);
    }

    @Test
    void shouldDecodeFinalsByThemselvesIfThatIsWanted() {
        Listener without = new Listener(
                engine,
                detector,
                RecognizerSettings.live().toBuilder().context(Duration.ZERO).build(),
                ENGLISH);
        RecognitionStream stream = without.stream();
        stream.accept(stream.nextSample(), kennedy);
        stream.end();
        List<RecognitionTask> tasks = new ArrayList<>();
        for (Optional<RecognitionTask> due = stream.poll(); due.isPresent(); due = stream.poll()) {
            tasks.add(due.get());
        }
        assertThat(tasks)
                .hasSizeGreaterThan(2)
                .allSatisfy(task -> assertThat(task.window().samples()).isEqualTo(task.samples()));
    }

    @Test
    void shouldKeepTheAudioOfWhatWasSaidAsLongAsAFinalMayUseIt() {
        RecognitionStream stream = live.stream();
        long longest = 0;
        float[] spoken = Arrays.copyOf(kennedy, kennedy.length + 30 * SECOND);
        for (int at = 0; at < spoken.length; at += CHUNK) {
            stream.accept(stream.nextSample(), Arrays.copyOfRange(spoken, at, Math.min(spoken.length, at + CHUNK)));
            for (Optional<RecognitionTask> due = stream.poll(); due.isPresent(); due = stream.poll()) {
                stream.apply(due.get(), live.decode(due.get()));
            }
            stream.takeResults();
            longest =
                    Math.max(longest, stream.state().position() - stream.state().retainFrom());
        }
        long context = RecognizerSettings.live().context().toMillis() * MILLI;
        assertThat(longest).isBetween(context / 2, context);
        assertThat(stream.state().said()).isEmpty();
        assertThat(stream.state().retainFrom())
                .isEqualTo(stream.state().position()
                        - RecognizerSettings.live().preRoll().toMillis() * MILLI);
    }

    @Test
    void shouldDecodeIslandsOneAfterTheOtherUntilTheLanguageIsKnown() {
        RecognizerSettings apart =
                RecognizerSettings.live().toBuilder().context(Duration.ZERO).build();
        Listener detecting = new Listener(engine, detector, apart, Optional.empty());
        RecognitionStream stream = detecting.stream();
        stream.accept(stream.nextSample(), kennedy);
        stream.end();

        RecognitionTask first = stream.poll().orElseThrow();
        assertThat(first.isFinal()).isTrue();
        assertThat(first.request().language()).isEmpty();
        assertThat(stream.poll()).isEmpty();

        stream.apply(first, detecting.decode(first));
        assertThat(stream.takeResults()).extracting(RecognitionResult::language).containsExactly("en");
        assertThat(stream.state().language()).contains("en");
        List<RecognitionTask> others = new ArrayList<>();
        for (Optional<RecognitionTask> due = stream.poll(); due.isPresent(); due = stream.poll()) {
            others.add(due.get());
        }
        assertThat(others)
                .hasSizeGreaterThan(1)
                .allSatisfy(task -> assertThat(task.request().language()).contains("en"));
    }

    @ParameterizedTest
    @EnumSource(Pace.class)
    void shouldSayTheSameFinalsWhileItDetectsTheLanguage(Pace pace) {
        Listener detecting = new Listener(engine, detector, RecognizerSettings.live(), Optional.empty());
        List<RecognitionResult> expected = finals(detecting.hear(kennedy, CHUNK, Pace.AT_ONCE));
        assertThat(finals(detecting.hear(kennedy, 333 * MILLI, pace))).isEqualTo(expected);
        for (int split = SECOND / 2; split < kennedy.length; split += SECOND) {
            assertThat(detecting.finalsInTwoParts(kennedy, split, CHUNK, pace)).isEqualTo(expected);
        }
    }

    @Test
    void shouldSayNothingOfTheTimeAfterTheChannelsEnd() throws Exception {
        float[] audio = Arrays.copyOf(audio(Sample.KENNEDY), 10 * SECOND + 5 * MILLI);
        RecognizerSettings apart =
                RecognizerSettings.live().toBuilder().context(Duration.ZERO).build();
        RecognitionStream stream = new Listener(engine, detector, apart, ENGLISH).stream();
        stream.accept(stream.nextSample(), audio);
        stream.end();
        Deque<RecognitionTask> tasks = new ArrayDeque<>();
        for (Optional<RecognitionTask> due = stream.poll(); due.isPresent(); due = stream.poll()) {
            tasks.push(due.get());
        }
        assertThat(tasks).hasSizeGreaterThan(1);
        List<RecognitionResult> results = new ArrayList<>();
        for (RecognitionTask task : tasks) {
            stream.apply(task, live.decode(task));
            results.addAll(stream.takeResults());
        }
        assertThat(results)
                .anyMatch(result -> !result.isFinal())
                .allSatisfy(result -> assertThat(result.endMillis()).isLessThanOrEqualTo(audio.length / MILLI));
    }

    @ParameterizedTest
    @CsvSource({"EVERY_SECOND_STEP, 2", "EVERY_FOURTH_STEP, 4", "FINALS_ONLY, 1000"})
    void shouldLeaveOutStepsButNeitherMoveThemNorChangeFinalsUnderLoad(Cadence cadence, int kept) {
        List<RecognitionTask> all = tasks(Cadence.EVERY_STEP);
        List<RecognitionTask> few = tasks(cadence);

        assertThat(few.stream().filter(RecognitionTask::isFinal).map(RecognitionTask::endMillis))
                .isEqualTo(all.stream()
                        .filter(RecognitionTask::isFinal)
                        .map(RecognitionTask::endMillis)
                        .toList());
        assertThat(partialEnds(few))
                .isEqualTo(all.stream()
                        .filter(task -> !task.isFinal())
                        .filter(task -> (task.endMillis() - task.startMillis()) / 500 % kept == 0)
                        .map(RecognitionTask::endMillis)
                        .toList());
        assertThat(partialEnds(all).size()).isGreaterThan(2 * partialEnds(few).size() - 1);
    }

    /** What is asked for of a recording whose partials are all skipped, and whose finals nobody decodes. */
    private List<RecognitionTask> tasks(Cadence cadence) {
        RecognitionStream stream = live.stream();
        List<RecognitionTask> tasks = new ArrayList<>();
        for (int at = 0; at < kennedy.length; at += CHUNK) {
            stream.accept(stream.nextSample(), Arrays.copyOfRange(kennedy, at, Math.min(kennedy.length, at + CHUNK)));
            for (Optional<RecognitionTask> due = stream.poll(cadence); due.isPresent(); due = stream.poll(cadence)) {
                tasks.add(due.get());
                if (!due.get().isFinal()) {
                    stream.skip(due.get());
                }
            }
        }
        return tasks;
    }

    private static List<Long> partialEnds(List<RecognitionTask> tasks) {
        return tasks.stream()
                .filter(task -> !task.isFinal())
                .map(RecognitionTask::endMillis)
                .toList();
    }

    @Test
    void shouldKnowHowLongTheOldestTaskHasBeenWaiting() {
        RecognitionStream stream = live.stream();
        assertThat(stream.behind()).isZero();
        RecognitionTask partial = hearUntilATaskIsDue(stream, 0);
        assertThat(stream.behind()).isZero();
        long heardMillis = stream.state().position() / MILLI;

        stream.accept(stream.nextSample(), new float[320 * MILLI]);
        assertThat(stream.behind()).isEqualTo(Duration.ofMillis(320));
        RecognitionTask last = stream.poll().orElseThrow();
        assertThat(last.kind()).isEqualTo(RecognitionTask.Kind.SPECULATIVE_FINAL);
        assertThat(stream.behind()).isEqualTo(Duration.ofMillis(320));

        stream.skip(partial);
        assertThat(stream.behind()).isZero();
        assertThat(stream.state().position() / MILLI).isEqualTo(heardMillis);
    }

    @Test
    void shouldSayWhatBecomesOfATaskWhileItWaits() {
        RecognitionStream stream = live.stream();
        RecognitionTask partial = hearUntilATaskIsDue(stream, 0);
        assertThat(partial.kind()).isEqualTo(RecognitionTask.Kind.PARTIAL);
        assertThat(partial.isObsolete()).isFalse();

        stream.accept(stream.nextSample(), new float[288 * MILLI]);
        assertThat(partial.isObsolete()).isTrue();
        RecognitionTask hope = stream.poll().orElseThrow();
        assertThat(hope.kind()).isEqualTo(RecognitionTask.Kind.SPECULATIVE_FINAL);
        assertThat(hope.isObsolete()).isFalse();

        int speech = 800 * MILLI;
        stream.accept(stream.nextSample(), Arrays.copyOfRange(kennedy, speech, speech + SECOND));
        assertThat(hope.isObsolete()).isTrue();
        stream.skip(hope);

        stream.accept(stream.nextSample(), new float[288 * MILLI]);
        Deque<RecognitionTask> tasks = new ArrayDeque<>();
        for (Optional<RecognitionTask> due = stream.poll(); due.isPresent(); due = stream.poll()) {
            tasks.add(due.get());
        }
        RecognitionTask second = tasks.getLast();
        assertThat(second.kind()).isEqualTo(RecognitionTask.Kind.SPECULATIVE_FINAL);
        stream.accept(stream.nextSample(), new float[SECOND]);
        assertThat(second.kind()).isEqualTo(RecognitionTask.Kind.FINAL);
        assertThat(second.isObsolete()).isFalse();
    }

    private RecognitionTask hearUntilATaskIsDue(RecognitionStream stream, int from) {
        for (int at = from; ; at += 10 * MILLI) {
            stream.accept(stream.nextSample(), Arrays.copyOfRange(kennedy, at, at + 10 * MILLI));
            Optional<RecognitionTask> due = stream.poll();
            if (due.isPresent()) {
                return due.get();
            }
        }
    }

    @Test
    void shouldRefuseToForgetResultsThatNobodyTook() {
        RecognitionStream stream = live.stream();
        hearUntilAFinalIsReady(stream);
        stream.end();
        assertThatIllegalStateException()
                .isThrownBy(stream::state)
                .withMessage("1 results must be taken before the state is saved");
    }

    @Test
    void shouldRefuseToSkipAFinalAndToHearOnAfterTheEnd() {
        RecognitionStream stream = live.stream();
        stream.accept(stream.nextSample(), kennedy);
        stream.end();
        RecognitionTask task = stream.poll().orElseThrow();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stream.skip(task))
                .withMessage("a final cannot be skipped");
        assertThatIllegalStateException()
                .isThrownBy(() -> stream.accept(stream.nextSample(), new float[1]))
                .withMessage("the stream has ended");
    }

    @Test
    void shouldEndAtOnceWhereNothingWasHeard() {
        RecognitionStream stream = live.stream();
        stream.end();
        stream.end();
        assertThat(stream.finished()).isTrue();
        assertThat(stream.poll()).isEmpty();
    }

    private float[] audio(Sample sample) {
        return sample == Sample.KENNEDY ? kennedy : apollo;
    }

    private static RecognizerSettings longestIsland(Duration longest, int shortestSpeechMillis) {
        RecognizerSettings live = RecognizerSettings.live();
        return live.toBuilder()
                .shortestSpeech(Duration.ofMillis(shortestSpeechMillis))
                .longestIsland(longest)
                .patience(live.preRoll().plus(live.endpoint()))
                .build();
    }
}
