package io.kscribe.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.audio.AudioFile;
import io.kscribe.engine.DecodedToken;
import io.kscribe.engine.Task;
import io.kscribe.engine.TimedWord;
import io.kscribe.engine.Transcription;
import io.kscribe.model.ConsoleProgress;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelStore;
import io.kscribe.model.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What a stream promises of its partials, with a real detector and recording, whatever a decoder might write. */
class StabilityIT {
    private static final int MILLI = 16;
    private static final int MEL_BINS = 80;
    private static final int LONGEST_CHUNK = 700 * MILLI;

    /** What tokens stand for; those without a space go on with the word before. */
    private static final String[] PIECES = {" ja", " über", " 日本", "語", "s", ",", " 😀", " e\u0301t", "e\u0301", "."};

    @SuppressWarnings("NullAway.Init") // by jqwik, before any property
    private static VoiceActivityDetector detector;

    @SuppressWarnings("NullAway.Init")
    private static float[] kennedy;

    @BeforeContainer
    static void open() throws Exception {
        ModelStore store = new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError());
        detector = VoiceActivityDetector.open(store.voiceActivityModel());
        try (AudioFile file = AudioFile.open(store.sample(Sample.KENNEDY))) {
            kennedy = file.read(Math.toIntExact(file.frames().orElseThrow()))[0];
        }
    }

    @AfterContainer
    static void close() {
        detector.close();
    }

    @Property(tries = 30)
    void shouldKeepWhatIsStableWithinASegmentsPartials(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 9) int changes) {
        Call call = new Call(seed, changes, false);
        call.hear(kennedy, false);
        Assume.that(call.finals > 0); // a decoder that writes nothing may have no final
    }

    @Property(tries = 30)
    void shouldKeepWhatIsStableInStrictFinals(@ForAll long seed, @ForAll @IntRange(min = 0, max = 9) int changes) {
        Call call = new Call(seed, changes, true);
        call.hear(kennedy, false);
        Assume.that(call.finals > 0); // a decoder that writes nothing may have no final
    }

    @Property(tries = 30)
    void shouldKeepWhatIsStableInStrictFinalsOfStreamsThatAreStoppedAndContinued(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 4) int changes) {
        new Call(seed, changes, true).hear(kennedy, true);
    }

    /** A channel that is heard in chunks of any size, decoded late, in any order and in part, by a decoder that changes its mind. */
    private static final class Call {
        private final Random random;
        private final int changes;
        private final RecognizerSettings settings;
        private final Map<Long, RecognitionResult> latest = new HashMap<>();
        private final List<RecognitionTask> waiting = new ArrayList<>();
        private RecognitionStream stream;
        private int finals;
        private boolean stopped;

        /** @param changes how many of ten tokens the decoder writes otherwise than before */
        Call(long seed, int changes, boolean strict) {
            this.random = new Random(seed);
            this.changes = changes;
            settings = RecognizerSettings.live().toBuilder()
                    .strict(strict)
                    .longestIsland(Duration.ofMillis(1500 + random.nextInt(4000)))
                    .patience(Duration.ofMillis(1000))
                    .partialInterval(Duration.ofMillis(100 + random.nextInt(500)))
                    .build();
            stream = stream(StreamState.start(Optional.of("en")));
        }

        private RecognitionStream stream(StreamState state) {
            return new RecognitionStream(settings, detector, MEL_BINS, true, Task.TRANSCRIBE, state);
        }

        void hear(float[] audio, boolean stops) {
            for (int at = 0; at < audio.length; at = (int) stream.nextSample()) {
                stream.accept(
                        at,
                        Arrays.copyOfRange(audio, at, Math.min(audio.length, at + 1 + random.nextInt(LONGEST_CHUNK))));
                goOn();
                if (stops && random.nextInt(20) == 0) {
                    stream = stream(StreamState.fromBytes(stream.state().toBytes()));
                    stopped = true;
                    waiting.clear();
                }
            }
            stream.end();
            while (!stream.finished()) {
                goOn();
            }
        }

        private void goOn() {
            List<Cadence> cadences = List.of(Cadence.values());
            Cadence cadence = cadences.get(random.nextInt(cadences.size()));
            for (Optional<RecognitionTask> due = stream.poll(cadence); due.isPresent(); due = stream.poll(cadence)) {
                waiting.add(due.get());
            }
            while (!waiting.isEmpty() && random.nextInt(3) > 0) {
                RecognitionTask task = waiting.remove(random.nextInt(waiting.size()));
                if (task.isObsolete() || (!task.isFinal() && random.nextInt(4) == 0)) {
                    stream.skip(task);
                } else {
                    stream.apply(task, decoded(task));
                }
                stream.takeResults().forEach(this::check);
            }
            stream.takeResults().forEach(this::check);
        }

        private void check(RecognitionResult result) {
            RecognitionResult before = latest.put(result.segment(), result);
            boolean takenBack = !result.isFinal() && result.text().isEmpty();
            finals += result.isFinal() ? 1 : 0;
            if (before == null) {
                return;
            }
            assertThat(before.isFinal()).isFalse();
            if (stopped && before.stableChars() == 0) {
                // Nothing of it was saved, so a stream that is continued may say it again, by the number that the audio
                // gives it.
                assertThat(result.revision()).isGreaterThanOrEqualTo(before.revision());
            } else {
                assertThat(result.revision()).isGreaterThan(before.revision());
            }
            if (settings.strict() || !(result.isFinal() || takenBack)) {
                assertThat(result.stableChars()).isGreaterThanOrEqualTo(before.stableChars());
                assertThat(result.text()).startsWith(before.text().substring(0, before.stableChars()));
                for (int i = 0;
                        i < before.words().size() && before.words().get(i).stable();
                        i++) {
                    assertThat(letters(result.words().get(i)))
                            .isEqualTo(letters(before.words().get(i)));
                    assertThat(result.words().get(i).stable()).isTrue();
                }
            }
        }

        private static String letters(SpokenWord word) {
            return word.text().replaceAll("[,.]", "");
        }

        /** The prefix and, with some changes, the draft, and some more. */
        private Transcription decoded(RecognitionTask task) {
            List<DecodedToken> tokens = new ArrayList<>(task.request().prefix());
            for (DecodedToken token : task.request().draft()) {
                tokens.add(random.nextInt(10) < changes ? any() : token);
            }
            for (int more = random.nextInt(4); more > 0; more--) {
                tokens.add(any());
            }
            return transcription(tokens, task.endMillis() - task.startMillis());
        }

        private DecodedToken any() {
            return new DecodedToken(random.nextInt(PIECES.length), -0.1f);
        }

        private Transcription transcription(List<DecodedToken> tokens, long audioMillis) {
            StringBuilder text = new StringBuilder();
            List<TimedWord> words = new ArrayList<>();
            long endMillis = 0;
            int from = 0;
            for (int i = 0; i < tokens.size(); i++) {
                String piece = PIECES[tokens.get(i).id()];
                text.append(i == 0 ? piece.strip() : piece);
                boolean ends =
                        i + 1 == tokens.size() || PIECES[tokens.get(i + 1).id()].startsWith(" ");
                if (ends) {
                    long startMillis = endMillis;
                    endMillis = Math.min(audioMillis, endMillis + random.nextInt(250));
                    String word = text.substring(from).strip();
                    words.add(new TimedWord(word, startMillis, endMillis, 0.9f, i + 1, text.length()));
                    from = text.length();
                }
            }
            return new Transcription("en", 1, tokens, text.toString(), words, List.of(), 0, 0, 0, true);
        }
    }
}
