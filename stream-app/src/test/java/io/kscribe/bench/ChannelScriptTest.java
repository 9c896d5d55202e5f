package io.kscribe.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.kscribe.bench.ChannelScript.Turn;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelScriptTest {
    private static final byte SILENCE = (byte) 0xFF;
    private static final SpeechBank SPEECH = Speakers.bank(900, 2500, 4000, 6100);

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.45, 0.6})
    void shouldKeepTheShareOfTalk(double talk) {
        for (long seed = 0; seed < 20; seed++) {
            ChannelScript script = ChannelScript.write(SPEECH, Duration.ofMinutes(10), talk, seed);

            assertThat(script.talk()).isCloseTo(talk, within(0.03));
        }
    }

    @Test
    void shouldLeaveRoomBetweenTurnsForAnIslandToEnd() {
        ChannelScript script = ChannelScript.write(SPEECH, Duration.ofMinutes(10), 0.8, 1);

        List<Turn> turns = script.turns();
        assertThat(turns).hasSizeGreaterThan(50);
        for (int i = 1; i < turns.size(); i++) {
            assertThat(turns.get(i).start() - turns.get(i - 1).end())
                    .isGreaterThanOrEqualTo(ChannelScript.SHORTEST_PAUSE.toMillis() * SpeechBank.RATE_HZ / 1000);
        }
    }

    @Test
    void shouldDifferBySeedAndByNothingElse() {
        ChannelScript script = ChannelScript.write(SPEECH, Duration.ofMinutes(1), 0.45, 7);

        assertThat(ChannelScript.write(SPEECH, Duration.ofMinutes(1), 0.45, 7)).isEqualTo(script);
        assertThat(ChannelScript.write(SPEECH, Duration.ofMinutes(1), 0.45, 8).turns())
                .isNotEqualTo(script.turns());
    }

    @Test
    void shouldGiveTheSameSamplesInChunksOfAnySize() {
        ChannelScript script = ChannelScript.write(SPEECH, Duration.ofSeconds(30), 0.45, 3);
        byte[] whole = script.codes(0, (int) script.samples());

        for (int size : new int[] {80, 800, 12_345}) {
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            for (long from = 0; from < script.samples(); from += size) {
                joined.writeBytes(script.codes(from, (int) Math.min(size, script.samples() - from)));
            }
            assertThat(joined.toByteArray()).isEqualTo(whole);
        }
    }

    @Test
    void shouldSpeakEachTurnInItsPlaceAndBeSilentElsewhere() {
        ChannelScript script = ChannelScript.write(SPEECH, Duration.ofSeconds(30), 0.45, 3);
        byte[] expected = new byte[(int) script.samples()];
        Arrays.fill(expected, SILENCE);
        for (Turn turn : script.turns()) {
            System.arraycopy(turn.stretch().codes(), 0, expected, (int) turn.start(), turn.length());
        }

        assertThat(script.codes(0, expected.length)).isEqualTo(expected);
    }

    @Test
    void shouldRefuseTurnsAtTheSameTime() {
        Stretch stretch = SPEECH.stretches().get(0);

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new ChannelScript(10_000, List.of(new Turn(0, 7000, stretch), new Turn(6999, 100, stretch))))
                .withMessage("a turn from 6999 to 7099 has no place in the channel");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChannelScript(7000, List.of(new Turn(1, 7000, stretch))));
    }
}
