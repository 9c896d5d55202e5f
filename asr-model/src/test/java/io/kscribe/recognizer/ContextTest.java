package io.kscribe.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.engine.DecodedToken;
import io.kscribe.engine.TimedWord;
import io.kscribe.engine.Transcription;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContextTest {
    private static final int SAMPLES_A_SECOND = 16_000;
    private static final Said FIRST = new Said(1000, 2, List.of(1, 2), List.of("and", "so"));
    private static final Said SECOND = new Said(1010, 3, List.of(3), List.of("ask"));

    private final Context context = new Context(100);

    @Test
    void shouldPutWhatWasSaidBeforeAnIslandInTheOrderOfTime() {
        context.add(FIRST, new float[] {0.1f, 0.2f});
        context.add(SECOND, new float[] {0.3f, 0.4f, 0.5f});

        Preface preface = context.before(1100);

        assertThat(preface.samples()).containsExactly(0.1f, 0.2f, 0.3f, 0.4f, 0.5f);
        assertThat(tokens(preface)).containsExactly(1, 2, 3);
        assertThat(preface.lastWord()).isEqualTo("ask");
    }

    @Test
    void shouldLeaveOutIslandsThatBeginTooLongBeforeTheEnd() {
        context.add(FIRST, new float[2]);
        context.add(SECOND, new float[3]);

        assertThat(tokens(context.before(1101))).containsExactly(3);
        assertThat(context.before(1111).isEmpty()).isTrue();
        assertThat(tokens(context.before(1100))).as("asked again for less").hasSize(3);
    }

    @Test
    void shouldLeaveMostOfAWindowsTextToTheIsland() {
        for (int i = 0; i < 4; i++) {
            context.add(new Said(1000 + 10L * i, 10, Collections.nCopies(40, i), List.of("yes")), new float[10]);
        }

        assertThat(tokens(context.before(1100))).hasSize(80).startsWith(2).endsWith(3);
        assertThat(context.before(1100).samples()).hasSize(20);
    }

    @Test
    void shouldTakeNothingThatIsMoreThanAnyoneSays() {
        Context roomy = new Context(100 * SAMPLES_A_SECOND);
        StreamState before = StreamState.start(Optional.empty()).laterAt(4 * SAMPLES_A_SECOND);
        Island island = new Island(before, new float[SAMPLES_A_SECOND], 80, new Hypothesis());
        island.conclude();

        roomy.add(island, text(26));
        assertThat(roomy.said(4 * SAMPLES_A_SECOND)).isEmpty();
        roomy.add(island, text(25));
        assertThat(roomy.said(4 * SAMPLES_A_SECOND)).hasSize(1);
    }

    @Test
    void shouldLetGoOfWhatNoIslandCanUse() {
        context.add(FIRST, new float[2]);
        context.add(SECOND, new float[3]);

        assertThat(context.said(1100)).containsExactly(FIRST, SECOND);
        assertThat(context.said(1101)).containsExactly(SECOND);
        assertThat(context.said(1111)).isEmpty();
    }

    @Test
    void shouldNotGrowWithTheChannel() {
        for (int i = 0; i < 1000; i++) {
            context.add(new Said(50L * i, 40, List.of(1), List.of("yes")), new float[40]);
        }

        assertThat(context.said(0)).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void shouldStayEmptyIfNotUsed() {
        assertThat(new Context(0).isUsed()).isFalse();
        assertThat(new Context(0).before(1000).isEmpty()).isTrue();
        assertThat(context.isUsed()).isTrue();
    }

    private static List<Integer> tokens(Preface preface) {
        return preface.tokens().stream().map(DecodedToken::id).toList();
    }

    private static Transcription text(int tokens) {
        return new Transcription(
                "en",
                1,
                Collections.nCopies(tokens, new DecodedToken(1, 0)),
                "yes",
                List.of(new TimedWord("yes", 0, 1, 1, tokens, 3)),
                List.of(),
                0,
                0,
                0,
                true);
    }
}
