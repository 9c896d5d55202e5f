package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kscribe.audio.SampleEncoding;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.schema.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CallOptionsTest {

    @Test
    void shouldPinItsDefaultsAndLimits() {
        assertThat(CallOptions.telephone("c1"))
                .isEqualTo(new CallOptions("c1", SampleEncoding.MULAW, Duration.ofMillis(100), null, null, Map.of()));
        assertThat(CallOptions.SHORTEST_CHUNK).isEqualTo(Duration.ofMillis(10));
        assertThat(CallOptions.LONGEST_CHUNK).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void shouldKnowWhoUsuallySpeaks() {
        CallOptions call = CallOptions.telephone("c1");

        assertThat(call.role(0, 1)).isEqualTo(Role.CUSTOMER);
        assertThat(call.role(0, 2)).isEqualTo(Role.AGENT);
        assertThat(call.role(1, 2)).isEqualTo(Role.CUSTOMER);
        assertThat(call.role(2, 3)).isEqualTo(Role.UNKNOWN);
    }

    @Test
    void shouldPublishG711AtTheTelephonesRateAndPcmAtTheRecordings() {
        assertThat(options("c1", SampleEncoding.MULAW, 100, null).publishedRateHz(44_100))
                .isEqualTo(8000);
        assertThat(options("c1", SampleEncoding.ALAW, 100, null).publishedRateHz(8000))
                .isEqualTo(8000);
        assertThat(options("c1", SampleEncoding.PCM_S16LE, 100, null).publishedRateHz(44_100))
                .isEqualTo(44_100);
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveANameInTheContractForEveryEncoding(SampleEncoding encoding) {
        assertThat(AudioEncoding.valueOf(encoding.name())).isNotEqualTo(AudioEncoding.UNKNOWN);
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options("", SampleEncoding.MULAW, 100, null))
                .withMessage("The call's id is empty.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options("c1", SampleEncoding.MULAW, 9, null))
                .withMessage("A chunk of 9 ms was asked for; expected 10 to 2000 ms.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options("c1", SampleEncoding.MULAW, 2001, null))
                .withMessage("A chunk of 2001 ms was asked for; expected 10 to 2000 ms.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options("c1", SampleEncoding.MULAW, 100, "English"))
                .withMessage("'English' is not a language; expected a code such as en or de.");
    }

    private static CallOptions options(
            String callId, SampleEncoding encoding, long chunkMillis, @Nullable String language) {
        return new CallOptions(
                callId, encoding, Duration.ofMillis(chunkMillis), List.of(Role.AGENT), language, Map.of());
    }
}
