package io.kscribe.recognizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kscribe.engine.DecodedToken;
import io.kscribe.recognizer.VoiceActivityDetector.Memory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class StreamStateTest {
    private static final int FRAME = VoiceActivityDetector.FRAME_SAMPLES;

    @Property
    void shouldComeBackFromItsBytes(
            @ForAll @LongRange(min = 0, max = 1L << 40) long frames,
            @ForAll @IntRange(min = 0, max = 4800) int retained,
            @ForAll @LongRange(min = 0) long segment,
            @ForAll boolean continuing,
            @ForAll boolean known,
            @ForAll boolean given,
            @ForAll @Size(max = 3) List<@Size(max = 5) List<@IntRange(max = 51_864) Integer>> stable,
            @ForAll @Size(max = 3) List<@NotEmpty @StringLength(max = 20) String> words,
            @ForAll long seed) {
        long position = (frames + 100) * FRAME;
        Optional<String> language = known ? Optional.of("yue") : Optional.empty();
        List<Said> said = words.isEmpty()
                ? List.of()
                : List.of(
                        new Said(position - 50_000, 10_000, List.of(0, 51_864), words),
                        new Said(position - 40_000, 35_000, List.of(7), List.of("é", "愛")));
        long retainFrom = said.isEmpty() ? position - retained : position - 50_000;
        StreamState state = new StreamState(
                position,
                retainFrom,
                segment,
                continuing,
                language,
                given,
                memory(seed),
                retained,
                said,
                stable.stream()
                        .map(tokens -> stableText(position, given, tokens))
                        .toList());

        StreamState read = StreamState.fromBytes(state.toBytes());

        assertThat(read).usingRecursiveComparison().withStrictTypeChecking().isEqualTo(state);
    }

    private static StableText stableText(long position, boolean over, List<Integer> tokens) {
        return new StableText(
                position,
                over,
                tokens.stream().map(id -> new DecodedToken(id, -1f / (1 + id))).toList(),
                5 * tokens.size(),
                900L * tokens.size(),
                400L * tokens.size());
    }

    @Example
    void shouldStartWithNothingHeard() {
        StreamState start = StreamState.start(Optional.of("en"));
        assertThat(start.position()).isZero();
        assertThat(start.retainFrom()).isZero();
        assertThat(start.segment()).isZero();
        assertThat(start.continuing()).isFalse();
        assertThat(start.languageGiven()).isTrue();
        assertThat(StreamState.start(Optional.empty()).languageGiven()).isFalse();
        assertThat(start.stable()).isEmpty();
        assertThat(start.toBytes()).hasSizeLessThan(1415);
    }

    @Property
    void shouldRefuseTornBytes(@ForAll boolean known, @ForAll @IntRange(min = 0, max = 1410) int length) {
        byte[] whole =
                StreamState.start(known ? Optional.of("en") : Optional.empty()).toBytes();
        if (length != whole.length) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> StreamState.fromBytes(Arrays.copyOf(whole, length)))
                    .withMessageMatching("a stream's state of " + length + " bytes is (torn|not of version 3)");
        }
    }

    @Property
    void shouldReadWhateverByteIsDamagedOrRefuseItInASentence(
            @ForAll @IntRange(min = 0, max = 40) int at, @ForAll byte value) {
        byte[] bytes = StreamState.start(Optional.of("en")).toBytes();
        bytes[at] = value;
        try {
            StreamState.fromBytes(bytes);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("a stream");
        }
    }

    @Example
    void shouldRefuseAnotherVersion() {
        byte[] bytes = StreamState.start(Optional.empty()).toBytes();
        bytes[0] = 1;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamState.fromBytes(bytes))
                .withMessage("a stream's state of " + bytes.length + " bytes is not of version 3");
    }

    @Example
    void shouldRefuseImpossiblePlaces() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StreamState(
                        FRAME, FRAME + 1, 0, false, Optional.empty(), false, Memory.none(), 0, List.of(), List.of()))
                .withMessage("a stream cannot be at sample 512 with audio retained from 513");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StreamState(
                        100, 0, 0, false, Optional.empty(), false, Memory.none(), 0, List.of(), List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StreamState(
                        0, -1, 0, false, Optional.empty(), false, Memory.none(), 0, List.of(), List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StreamState(
                        0, 0, -1, false, Optional.empty(), false, Memory.none(), 0, List.of(), List.of()))
                .withMessage("a stream's segments count from 0, not from -1");
    }

    @Example
    void shouldRefuseAudioThatDoesNotReachBackToWhatIsNeeded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> state(FRAME, 1, 512, List.of()))
                .withMessage(
                        "a stream that needs audio from sample 0 on cannot be continued with audio retained from 1");
        Said said = new Said(10, 100, List.of(1), List.of("yes"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> state(FRAME, 11, 0, List.of(said)))
                .withMessage(
                        "a stream that needs audio from sample 10 on cannot be continued with audio retained from 11");
    }

    @Example
    void shouldRefuseWhatCannotHaveBeenSaid() {
        Said first = new Said(10, 100, List.of(1), List.of("yes"));
        Said overlapping = new Said(109, 100, List.of(1), List.of("no"));
        Said later = new Said(500, 100, List.of(1), List.of("no"));
        for (List<Said> said : List.of(List.of(first, overlapping), List.of(first, later))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> state(FRAME, 0, 0, said))
                    .withMessageStartingWith("a stream at sample 512 cannot have said something from sample ");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Said(10, 0, List.of(1), List.of("yes")))
                .withMessage("1 words of 1 tokens cannot have been said in 0 samples from sample 10 on");
    }

    private static StreamState state(long position, long retainFrom, int preRoll, List<Said> said) {
        return new StreamState(
                position, retainFrom, 0, false, Optional.empty(), false, Memory.none(), preRoll, said, List.of());
    }

    private static Memory memory(long seed) {
        Memory memory = Memory.none();
        Random random = new Random(seed);
        for (float[] numbers : new float[][] {memory.state(), memory.context()}) {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (float) random.nextGaussian();
            }
        }
        return memory;
    }
}
