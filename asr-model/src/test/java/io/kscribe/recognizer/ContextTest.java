package io.kscribe.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.engine.DecodedToken;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContextTest {
    private static final Said FIRST = new Said(1000, 2, List.of(1, 2), List.of("and", "so"));
    private static final Said SECOND = new Said(1010, 3, List.of(3), List.of("ask"));

    private final Context context = new Context(100);

    @Test
    void shouldPutWhatWasSaidBeforeAnIslandInTheOrderOfTime() {
        context.add(FIRST, new float[] {0.1f, 0.2f});
        context.add(SECOND, new float[] {0.3f, 0.4f, 0.5f});

        Preface preface = context.before(1100);

        assertThat(preface.samples()).containsExactly(0.1f, 0.2f, 0.3f, 0.4f, 0.5f);
        assertThat(preface.tokens()).extracting(DecodedToken::id).containsExactly(1, 2, 3);
        assertThat(preface.words()).containsExactly("and", "so", "ask");
    }

    @Test
    void shouldLeaveOutIslandsThatBeginTooLongBeforeTheEnd() {
        context.add(FIRST, new float[2]);
        context.add(SECOND, new float[3]);

        assertThat(context.before(1101).words()).containsExactly("ask");
        assertThat(context.before(1111).isEmpty()).isTrue();
        assertThat(context.before(1100).words()).as("asked again for less").hasSize(3);
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
}
