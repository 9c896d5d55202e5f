package io.kscribe.recognizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kscribe.engine.DecodedToken;
import io.kscribe.engine.SpeechWindow;
import io.kscribe.engine.TimedWord;
import io.kscribe.engine.Transcription;
import io.kscribe.recognizer.VoiceActivityDetector.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PackedWindowTest {
    private static final int FRAME = VoiceActivityDetector.FRAME_SAMPLES;
    private static final int MILLI = 16;
    private static final int SILENT_FRAMES = 16;
    private static final int PRE_ROLL = 800 * MILLI;
    private static final int MEL_BINS = 80;
    private static final RecognizerSettings SETTINGS = RecognizerSettings.offline();

    @Test
    void shouldPutIslandsOneAfterTheOther() {
        PackedWindow window = new PackedWindow(List.of(island(100, 20), island(900, 40)));
        assertThat(window.window(MEL_BINS).samples()).isEqualTo(2 * PRE_ROLL + (20 + 40 + 2 * SILENT_FRAMES) * FRAME);
    }

    @Test
    void shouldHearAnIslandAsItIsAlone() {
        Island island = island(100, 20);
        assertThat(new PackedWindow(List.of(island)).window(MEL_BINS).mel())
                .isEqualTo(SpeechWindow.of(island.finalSamples(), MEL_BINS).mel());
    }

    /** Whatever the pauses between them, each word is given back its time in the recording. */
    @Property(tries = 200)
    void shouldGiveEachWordToItsIslandAtItsTimeInTheRecording(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 10, max = 100) Integer> speechFrames,
            @ForAll @IntRange(min = 60, max = 100_000) int pauseFrames) {
        List<Island> islands = new ArrayList<>();
        List<Long> spokenMillis = new ArrayList<>();
        Script script = new Script();
        long position = 100;
        long offset = 0;
        for (int frames : speechFrames) {
            Island island = island(position, frames);
            islands.add(island);
            long inIsland = PRE_ROLL + frames * (FRAME / 2L);
            script.say("word" + islands.size(), (offset + inIsland) / MILLI);
            spokenMillis.add((island.start() + inIsland) / MILLI);
            position += frames + pauseFrames;
            offset += island.finalLength();
        }

        List<Transcription> texts =
                new PackedWindow(islands).split(script.transcription()).orElseThrow();

        assertThat(texts).hasSameSizeAs(islands);
        for (int i = 0; i < texts.size(); i++) {
            Transcription text = texts.get(i);
            assertThat(text.text()).isEqualTo("word" + (i + 1));
            assertThat(text.tokens()).hasSize(2);
            TimedWord word = text.words().get(0);
            assertThat(word.text()).isEqualTo(text.text());
            assertThat(word.endChar()).isEqualTo(text.text().length());
            assertThat(word.endToken()).isEqualTo(2);
            assertThat(islands.get(i).start() / MILLI + word.startMillis()).isCloseTo(spokenMillis.get(i), within(1L));
        }
    }

    @Test
    void shouldKeepSeveralWordsOfAnIslandTogether() {
        Script script = new Script();
        script.say("Yes,", 900);
        script.say("it", 1000);
        script.say("is.", 1100);
        script.say("Well.", 900 + islandMillis(40));

        List<Transcription> texts = new PackedWindow(List.of(island(100, 40), island(400, 40)))
                .split(script.transcription())
                .orElseThrow();

        assertThat(texts).extracting(Transcription::text).containsExactly("Yes, it is.", "Well.");
        assertThat(texts.get(0).words()).extracting(TimedWord::endChar).containsExactly(4, 7, 11);
        assertThat(texts.get(0).words()).extracting(TimedWord::endToken).containsExactly(2, 4, 6);
    }

    /** The times of words are not exact: many begin with the pause before them. */
    @Test
    void shouldGiveAWordWithAPauseBeforeItToTheIslandOfTheWord() {
        Script script = new Script();
        script.say("Well.", 900, 1900);
        script.say("Yes", 1900, islandMillis(40) + 1100);
        script.say("indeed.", islandMillis(40) + 1100, islandMillis(40) + 1500);

        assertThat(new PackedWindow(List.of(island(100, 40), island(400, 40)))
                        .split(script.transcription())
                        .orElseThrow())
                .extracting(Transcription::text)
                .containsExactly("Well.", "Yes indeed.");
    }

    @Test
    void shouldNotLetAWordReachIntoTheSilenceAroundAnIsland() {
        Script script = new Script();
        script.say("swallowing", 0, islandMillis(40));

        TimedWord word = new PackedWindow(List.of(island(100, 40)))
                .split(script.transcription())
                .orElseThrow()
                .get(0)
                .words()
                .get(0);

        assertThat(word.startMillis()).isEqualTo(600);
        assertThat(word.endMillis()).isEqualTo(800 + 40 * 32 + 200);
    }

    @Test
    void shouldTellThatASentenceWasLeftOut() {
        Script script = new Script();
        script.say("Well.", 900 + islandMillis(70));
        PackedWindow window = new PackedWindow(List.of(island(100, 70), island(400, 40), island(800, 10)));

        assertThat(window.split(script.transcription())).isEmpty();
        assertThat(window.halves()).extracting(half -> half.islands().size()).containsExactly(1, 2);
    }

    @Test
    void shouldTakeACoughForACough() {
        Script script = new Script();
        script.say("Well.", 900 + islandMillis(20));

        assertThat(new PackedWindow(List.of(island(100, 20), island(400, 40)))
                        .split(script.transcription())
                        .orElseThrow())
                .extracting(Transcription::text)
                .containsExactly("", "Well.");
    }

    private static long islandMillis(int speechFrames) {
        return (PRE_ROLL + (speechFrames + SILENT_FRAMES) * (long) FRAME) / MILLI;
    }

    /** Speech from a frame of a channel on, with silence around it. */
    private static Island island(long frame, int speechFrames) {
        StreamState before = new StreamState(
                frame * FRAME,
                frame * FRAME - PRE_ROLL,
                0,
                false,
                Optional.of("en"),
                true,
                Memory.none(),
                0,
                List.of(),
                List.of());
        Island island = new Island(before, new float[PRE_ROLL], MEL_BINS, new Hypothesis());
        for (int i = 0; i < speechFrames + SILENT_FRAMES; i++) {
            float[] samples = new float[FRAME];
            samples[i % FRAME] = 0.5f;
            island.hear(samples, i < speechFrames ? 1 : 0, Memory.none(), SETTINGS);
        }
        island.conclude();
        return island;
    }

    /** A text in the making, two tokens a word. */
    private static final class Script {
        private final List<TimedWord> words = new ArrayList<>();
        private final List<DecodedToken> tokens = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();

        void say(String word, long startMillis) {
            say(word, startMillis, startMillis + 2);
        }

        void say(String word, long startMillis, long endMillis) {
            text.append(text.isEmpty() ? "" : " ").append(word);
            tokens.add(new DecodedToken(1, -0.5f));
            tokens.add(new DecodedToken(2, -0.5f));
            words.add(new TimedWord(word, startMillis, endMillis, 0.5f, tokens.size(), text.length()));
        }

        Transcription transcription() {
            return new Transcription("en", 1, tokens, text.toString(), words, List.of(), -0.3f, 0, 0, true);
        }
    }
}
