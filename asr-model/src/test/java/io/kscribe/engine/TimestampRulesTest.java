package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.kscribe.testing.TokenizerFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimestampRulesTest {
    /** " a" 0, " b" 1, the end 2, other special tokens, then a stamp every 20 ms up to 2 s. */
    private static final int A = 0;

    private static final int B = 1;
    private static final int END = 2;
    private static final int STAMPS = 101;

    @TempDir
    Path directory;

    private int first;
    private int size;
    private TimestampRules rules;

    @BeforeEach
    void readVocabulary() throws Exception {
        TokenizerFiles files = TokenizerFiles.multilingual(" a", " b");
        first = files.size();
        for (int i = 0; i < STAMPS; i++) {
            files.special("<|%.2f|>".formatted(i * 0.02));
        }
        files.write(directory);
        size = files.size();
        rules = new TimestampRules(Vocabulary.read(directory, size));
    }

    @Test
    void shouldBeginWithAStampWithinTheFirstSecond() {
        assertThat(allowed(List.of())).containsExactlyElementsOf(stamps(0, 50));
    }

    @Test
    void shouldNotEndASegmentThatHasNoText() {
        assertThat(allowed(List.of(stamp(10)))).contains(A, B, END).noneMatch(id -> id >= first);
    }

    @Test
    void shouldNotGoBackInTime() {
        assertThat(allowed(List.of(stamp(10), token(A))))
                .contains(A, B, END)
                .containsAll(stamps(11, 100))
                .noneMatch(id -> id >= first && id <= first + 10);
    }

    @Test
    void shouldOpenASegmentOrEndAfterAStampThatCloses() {
        assertThat(allowed(List.of(stamp(10), token(A), stamp(20))))
                .doesNotContain(A, B)
                .contains(END)
                .containsAll(stamps(20, 100))
                .noneMatch(id -> id >= first && id < first + 20);
    }

    @Test
    void shouldGoOnWithTextAfterAPairOfStamps() {
        assertThat(allowed(List.of(stamp(10), token(A), stamp(20), stamp(20))))
                .contains(A, B, END)
                .noneMatch(id -> id >= first);
    }

    @Test
    void shouldWriteAStampWhereAllTogetherAreLikelierThanAnyToken() {
        float[] logProbabilities = evenly();
        float[] likelyToken = evenly();
        likelyToken[A] += 5;
        rules.apply(logProbabilities, tokens(stamp(0), token(B)));
        rules.apply(likelyToken, tokens(stamp(0), token(B)));
        assertThat(ids(logProbabilities)).containsExactlyElementsOf(stamps(1, 100));
        assertThat(ids(likelyToken)).contains(A, B, END).containsAll(stamps(1, 100));
    }

    @Test
    void shouldShareTheProbabilityAmongWhatIsLeft() {
        float[] logProbabilities = evenly();
        rules.apply(logProbabilities, List.of());
        double sum = 0;
        for (float logProbability : logProbabilities) {
            sum += Math.exp(logProbability);
        }
        assertThat(sum).isCloseTo(1, within(1e-5));
    }

    @Test
    void shouldReadSegmentsBetweenStamps() {
        List<DecodedToken> text =
                tokens(stamp(5), token(A), token(B), stamp(50), stamp(60), token(B), stamp(70), stamp(70), token(A));
        assertThat(rules.segments(text, 1500))
                .containsExactly(
                        new TimedSegment(100, 1000, "a b"),
                        new TimedSegment(1200, 1400, "b"),
                        new TimedSegment(1400, 1500, "a"));
    }

    @Test
    void shouldKeepSegmentsWithinTheAudio() {
        List<DecodedToken> text = tokens(stamp(5), token(A), stamp(90), stamp(90), token(B), stamp(95));
        assertThat(rules.segments(text, 1000))
                .containsExactly(new TimedSegment(100, 1000, "a"), new TimedSegment(1000, 1000, "b"));
    }

    @Test
    void shouldRefuseAModelWithoutStamps() throws Exception {
        Path other = directory.resolve("other");
        TokenizerFiles files = TokenizerFiles.multilingual(" a");
        files.write(other);
        Vocabulary vocabulary = Vocabulary.read(other, files.size());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TimestampRules(vocabulary))
                .withMessage("the model knows no time stamps");
    }

    /** What may follow when ordinary tokens are far likelier than stamps. */
    private List<Integer> allowed(List<Integer> text) {
        float[] logProbabilities = evenly();
        Arrays.fill(logProbabilities, 0, first, -1);
        Arrays.fill(logProbabilities, first, size, -20);
        rules.apply(logProbabilities, tokens(text.toArray(Integer[]::new)));
        return ids(logProbabilities);
    }

    private float[] evenly() {
        float[] logProbabilities = new float[size];
        Arrays.fill(logProbabilities, (float) -Math.log(size));
        return logProbabilities;
    }

    private static List<Integer> ids(float[] logProbabilities) {
        return IntStream.range(0, logProbabilities.length)
                .filter(id -> logProbabilities[id] > Float.NEGATIVE_INFINITY)
                .boxed()
                .toList();
    }

    private static int token(int id) {
        return id;
    }

    private int stamp(int step) {
        return first + step;
    }

    private List<Integer> stamps(int from, int to) {
        return IntStream.rangeClosed(first + from, first + to).boxed().toList();
    }

    private static List<DecodedToken> tokens(Integer... ids) {
        List<DecodedToken> tokens = new ArrayList<>();
        for (int id : ids) {
            tokens.add(new DecodedToken(id, -1));
        }
        return tokens;
    }
}
