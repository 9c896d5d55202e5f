package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ONNX Runtime holds outside of the Java heap is counted, and given back however a request ends. */
class NativeMemoryTest {
    /** Encoder, decoder, the table of suppressed tokens, and keys and values of no past. */
    private static final long AT_REST = 5;

    private static final DecodingRequest ENGLISH = DecodingRequest.transcribe(Optional.of("en"));

    @TempDir
    Path directory;

    @Test
    void shouldHoldSessionsOnlyWhenNothingRuns() throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, 3)) {
            assertThat(engine.openNatives()).isEqualTo(AT_REST);
            SpeechWindow window = RandomModels.window(new Random(1), 3);
            Fallback never = new Fallback(true, List.of(0.5f, 1f), 2.4f, 0, 1);
            engine.transcribe(window, ENGLISH.withSettings(ENGLISH.settings().withFallback(never)));
            assertThat(engine.drawnTexts()).isPositive();
            assertThat(engine.openNatives()).isEqualTo(AT_REST);
            engine.transcribe(window, DecodingRequest.transcribe(Optional.empty()));
            engine.transcribe(window, ENGLISH.withSettings(ENGLISH.settings().withBeams(5)));
            assertThat(engine.openNatives()).isEqualTo(AT_REST);
            engine.transcribe(Collections.nCopies(5, window), Collections.nCopies(5, ENGLISH));
            assertThat(engine.openNatives()).isEqualTo(AT_REST);
        }
    }

    @Test
    void shouldCountWhatIsOpenWhileARequestRuns() throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, 3)) {
            SpeechWindow window = RandomModels.window(new Random(1), 3);
            ContextLayout layout = ContextLayout.of(window.samples(), Padding.merged());
            Heard heard = engine.encoder().hear(window, layout);
            long encoded = engine.openNatives();
            assertThat(encoded).isGreaterThan(AT_REST);
            Decoder decoder = engine.decoder(heard);
            decoder.step(List.of(Optional.of(
                    Pass.onTip(decoder.tree(0), new int[] {1}, List.of(new Pass.Row(0, Suppression.NONE))))));
            assertThat(engine.openNatives()).isGreaterThan(encoded);
            decoder.close();
            assertThat(engine.openNatives()).isEqualTo(encoded);
            heard.close();
            assertThat(engine.openNatives()).isEqualTo(AT_REST);
        }
    }

    @Test
    void shouldGiveBackWhatARefusedRequestHeld() throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, 3)) {
            SpeechWindow window = RandomModels.window(new Random(1), 1);
            List<DecodedToken> tooLong = new ArrayList<>(Collections.nCopies(300, new DecodedToken(3, -1)));
            DecodingRequest refused = ENGLISH.withHypothesis(tooLong, tooLong.size());
            assertThatIllegalArgumentException().isThrownBy(() -> engine.transcribe(window, refused));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.transcribe(List.of(window, window), List.of(ENGLISH, refused)));
            assertThat(engine.openNatives()).isEqualTo(AT_REST);
        }
    }

    @Test
    void shouldHoldNothingOnceItIsClosed() throws Exception {
        WhisperEngine engine = RandomModels.engine(directory, 3);
        engine.transcribe(RandomModels.window(new Random(1), 1), ENGLISH);
        engine.close();
        assertThat(engine.openNatives()).isZero();
    }
}
