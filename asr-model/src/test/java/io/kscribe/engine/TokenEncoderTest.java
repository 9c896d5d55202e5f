package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenEncoderTest {
    @Test
    void shouldJoinWhatMakesTheLowestTokenFirst() {
        // a 0, b 1, c 2, bc 3, ab 4, abc 5
        TokenEncoder encoder = encoder("a", "b", "c", "bc", "ab", "abc");
        assertThat(encoder.encode("abc")).containsExactly(5);
        assertThat(encoder.encode("abab")).containsExactly(4, 4);
        assertThat(encoder.encode("aabc")).as("bc comes before ab").containsExactly(0, 5);
        assertThat(encoder("a", "b", "c", "bc", "ab").encode("abc")).containsExactly(0, 3);
    }

    @Test
    void shouldNotJoinAcrossWords() {
        TokenEncoder encoder = encoder("a", " ", "!", " a", "a!", "a a", " !");
        assertThat(encoder.encode("a a!")).containsExactly(0, 3, 2);
        assertThat(encoder.encode("a  a"))
                .as("the last space goes with the word")
                .containsExactly(0, 1, 3);
        assertThat(encoder.encode("a !")).containsExactly(0, 6);
    }

    @Test
    void shouldTakeTheFirstOfTwoTokensAlike() {
        assertThat(encoder("a", "a").encode("a")).containsExactly(0);
    }

    @Test
    void shouldSplitACharacterWithoutATokenOfItsOwn() {
        byte[][] bytes = {{(byte) 0xE2}, {(byte) 0x82}, {(byte) 0xAC}, {(byte) 0x82, (byte) 0xAC}, {}};
        assertThat(new TokenEncoder(bytes).encode("€")).containsExactly(0, 3);
    }

    @Test
    void shouldWriteNothingForNothing() {
        assertThat(encoder("a").encode("")).isEmpty();
    }

    @Test
    void shouldRefuseWhatNoTokenStandsFor() {
        TokenEncoder encoder = encoder("a", " ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> encoder.encode("a b"))
                .withMessage("the model has no tokens to write ' b'");
    }

    private static TokenEncoder encoder(String... tokens) {
        List<byte[]> bytes = Arrays.stream(tokens)
                .map(token -> token.getBytes(StandardCharsets.UTF_8))
                .toList();
        return new TokenEncoder(bytes.toArray(byte[][]::new));
    }
}
