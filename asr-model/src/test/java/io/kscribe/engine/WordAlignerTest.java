package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.testing.TokenizerFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordAlignerTest {
    private static final int HEADS = 2;
    private static final int POSITIONS = 100;
    private static final Pauses NO_PAUSES = new Pauses(List.of(), POSITIONS * 20L);

    @TempDir
    Path directory;

    @Test
    void shouldTimeWordsByWhereTheirTokensAttend() throws Exception {
        WordAligner aligner = aligner(TokenizerFiles.multilingual(" Ken", "nedy", " spoke"));
        List<TimedWord> words = aligner.words(tokens(0, 1, 2), prompt(), attention(0, 20, 40, 60), POSITIONS, "en");
        assertThat(words).extracting(TimedWord::text).containsExactly("Kennedy", "spoke");
        assertThat(words).extracting(TimedWord::startMillis).containsExactly(0L, 800L);
        assertThat(words).extracting(TimedWord::endMillis).containsExactly(800L, 1200L);
    }

    @Test
    void shouldSayHowManyTokensAndCharactersEndWithAWord() throws Exception {
        WordAligner aligner = aligner(TokenizerFiles.multilingual(" Ken", "nedy", ",", " spoke", "."));
        List<TimedWord> words =
                aligner.words(tokens(0, 1, 2, 3, 4), prompt(), attention(10, 20, 38, 42, 60, 64), POSITIONS, "en");
        assertThat(words).extracting(TimedWord::text).containsExactly("Kennedy,", "spoke.");
        assertThat(words).extracting(TimedWord::endToken).containsExactly(3, 5);
        assertThat(words)
                .extracting(TimedWord::endChar)
                .containsExactly("Kennedy,".length(), "Kennedy, spoke.".length());
    }

    @Test
    void shouldAttachQuotesAndBracketsToTheWordThatTheyEnclose() throws Exception {
        WordAligner aligner = aligner(TokenizerFiles.multilingual(" said", " \"", "yes", "\"", " ¿", "no", "?"));
        List<TimedWord> words = aligner.words(
                tokens(0, 1, 2, 3, 4, 5, 6), prompt(), attention(0, 15, 18, 40, 50, 53, 75, 80), POSITIONS, "en");
        assertThat(words).extracting(TimedWord::text).containsExactly("said", "\"yes\"", "¿no?");
        assertThat(words.get(1).startMillis()).isEqualTo(300);
        assertThat(words.get(1).endMillis()).isEqualTo(900);
    }

    @Test
    void shouldTakeEachCharacterForAWordWhereNoSpacesAreWritten() throws Exception {
        byte[] second = "好".getBytes(StandardCharsets.UTF_8);
        TokenizerFiles files = new TokenizerFiles()
                .token("你")
                .token(second[0], second[1])
                .token(second[2])
                .token("吗")
                .token("？")
                .special("<|endoftext|>")
                .special("<|startoftranscript|>")
                .language("zh")
                .special("<|translate|>")
                .special("<|transcribe|>")
                .special("<|notimestamps|>");
        List<TimedWord> words = aligner(files)
                .words(tokens(0, 1, 2, 3, 4), prompt(), attention(0, 25, 30, 45, 58, 62), POSITIONS, "zh");
        assertThat(words).extracting(TimedWord::text).containsExactly("你", "好", "吗？");
        assertThat(words).extracting(TimedWord::startMillis).containsExactly(0L, 500L, 900L);
        assertThat(words).extracting(TimedWord::endChar).containsExactly(1, 2, 4);
    }

    @Test
    void shouldFindNoWordsInAnEmptyText() throws Exception {
        WordAligner aligner = aligner(TokenizerFiles.multilingual(" a"));
        assertThat(aligner.words(List.of(), prompt(), attention(50), POSITIONS, "en"))
                .isEmpty();
    }

    @Test
    void shouldFindNoWordsInWhiteSpace() throws Exception {
        WordAligner aligner = aligner(TokenizerFiles.multilingual(" "));
        assertThat(aligner.words(tokens(0), prompt(), attention(20, 50), POSITIONS, "en"))
                .isEmpty();
    }

    @Test
    void shouldEndTheLastWordWithTheAudioIfTheTextWasNotEnded() throws Exception {
        WordAligner aligner = aligner(TokenizerFiles.multilingual(" one", " two", " three"));
        List<TimedWord> words = aligner.words(tokens(0, 1, 2), prompt(), attention(0, 40, 70), POSITIONS, "en");
        assertThat(words).extracting(TimedWord::startMillis).containsExactly(0L, 800L, 1400L);
        assertThat(words.get(2).endMillis()).isEqualTo(2000);
    }

    @Test
    void shouldNotTakeTheSilenceAroundSpeechForAPartOfAWord() throws Exception {
        WordAligner aligner = aligner(TokenizerFiles.multilingual(" one", " two", " three"));
        List<TimedWord> words = aligner.words(tokens(0, 1, 2), prompt(), attention(0, 50, 60, 70), POSITIONS, "en");
        assertThat(words.get(0).startMillis()).isEqualTo(600);
        assertThat(words.get(0).endMillis()).isEqualTo(1000);
        assertThat(words.get(1).startMillis()).isEqualTo(1000);
        assertThat(words.get(2).endMillis()).isEqualTo(1400);
    }

    @Test
    void shouldMakeUpForAttentionThatLagsBehindOrRunsAhead() throws Exception {
        Vocabulary vocabulary = vocabulary(TokenizerFiles.multilingual(" one", " two", " three"));
        List<float[]> attention = attention(0, 3, 40, 99);
        List<TimedWord> lagging =
                new WordAligner(vocabulary, 80, NO_PAUSES).words(tokens(0, 1, 2), prompt(), attention, POSITIONS, "en");
        assertThat(lagging).extracting(TimedWord::startMillis).containsExactly(0L, 0L, 720L);
        assertThat(lagging).extracting(TimedWord::endMillis).containsExactly(0L, 720L, 1900L);
        List<TimedWord> ahead = new WordAligner(vocabulary, -40, NO_PAUSES)
                .words(tokens(0, 1, 2), prompt(), attention, POSITIONS, "en");
        assertThat(ahead).extracting(TimedWord::startMillis).containsExactly(0L, 100L, 840L);
        assertThat(ahead).extracting(TimedWord::endMillis).containsExactly(100L, 840L, 2000L);
    }

    @Test
    void shouldTakePausesOutOfWords() throws Exception {
        Vocabulary vocabulary = vocabulary(TokenizerFiles.multilingual(" one", " two", " three"));
        Pauses pauses = new Pauses(List.of(new Pauses.Pause(500, 700)), POSITIONS * 20L);
        List<TimedWord> words = new WordAligner(vocabulary, 0, pauses)
                .words(tokens(0, 1, 2), prompt(), attention(0, 25, 60, 90), POSITIONS, "en");
        assertThat(words).extracting(TimedWord::startMillis).containsExactly(0L, 700L, 1200L);
        assertThat(words).extracting(TimedWord::endMillis).containsExactly(500L, 1200L, 1800L);
    }

    @Test
    void shouldEndAWordAmidTheMarksAfterIt() throws Exception {
        WordAligner aligner = aligner(TokenizerFiles.multilingual(" one", "?", "\"", " two"));
        List<TimedWord> words =
                aligner.words(tokens(0, 1, 2, 3), prompt(), attention(0, 20, 30, 40, 60), POSITIONS, "en");
        assertThat(words).extracting(TimedWord::endMillis).containsExactly(600L, 1200L);
        assertThat(words).extracting(TimedWord::startMillis).containsExactly(0L, 800L);
    }

    @Test
    void shouldTimeWordsInOrderWhateverAttentionSays() throws Exception {
        WordAligner aligner = aligner(TokenizerFiles.multilingual(" one", " two", " three"));
        List<float[]> backwards = new ArrayList<>(attention(10, 40, 70, 90));
        Collections.reverse(backwards);
        long before = 0;
        for (TimedWord word : aligner.words(tokens(0, 1, 2), prompt(), backwards, POSITIONS, "en")) {
            assertThat(word.startMillis()).isGreaterThanOrEqualTo(before);
            assertThat(word.endMillis()).isBetween(word.startMillis(), POSITIONS * 20L);
            before = word.endMillis();
        }
    }

    @Test
    void shouldBeAsSureOfAWordAsOfItsTokensOnAverage() throws Exception {
        WordAligner aligner = aligner(TokenizerFiles.multilingual(" Ken", "nedy"));
        List<DecodedToken> tokens =
                List.of(new DecodedToken(0, (float) Math.log(0.5)), new DecodedToken(1, (float) Math.log(0.9)));
        assertThat(aligner.words(tokens, prompt(), attention(10, 30, 50), POSITIONS, "en"))
                .singleElement()
                .satisfies(word -> assertThat(word.confidence()).isEqualTo(0.7f));
    }

    @Test
    void shouldTimeAWordInASingleAudioPosition() throws Exception {
        WordAligner aligner = aligner(TokenizerFiles.multilingual(" a"));
        List<float[]> rows = List.of(new float[] {1, 1}, new float[] {1, 1});
        assertThat(aligner.words(tokens(0), List.of(new float[] {1, 1}), rows, 1, "en"))
                .singleElement()
                .satisfies(word -> assertThat(word.text()).isEqualTo("a"));
    }

    private WordAligner aligner(TokenizerFiles files) throws Exception {
        return new WordAligner(vocabulary(files), 0, NO_PAUSES);
    }

    private Vocabulary vocabulary(TokenizerFiles files) throws Exception {
        files.write(directory);
        return Vocabulary.read(directory, files.size());
    }

    private static List<DecodedToken> tokens(int... ids) {
        return Arrays.stream(ids).mapToObj(id -> new DecodedToken(id, -0.1f)).toList();
    }

    /** Attention of the prompt's tokens: everywhere alike. */
    private static List<float[]> prompt() {
        float[] row = new float[HEADS * POSITIONS];
        Arrays.fill(row, 0.01f);
        return List.of(row, row, row);
    }

    /** A row for each start: attention from there to the next. */
    private static List<float[]> attention(int... starts) {
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < starts.length; i++) {
            float[] row = new float[HEADS * POSITIONS];
            Arrays.fill(row, 0.001f);
            int end = i + 1 < starts.length ? starts[i + 1] : POSITIONS;
            for (int head = 0; head < HEADS; head++) {
                Arrays.fill(row, head * POSITIONS + starts[i], head * POSITIONS + end, 1f / (end - starts[i]));
            }
            rows.add(row);
        }
        return rows;
    }
}
