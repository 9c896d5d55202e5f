package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {
    @ParameterizedTest
    @CsvSource({"cpu, cpu", "cuda, cuda:0", "cuda:0, cuda:0", "cuda:12, cuda:12"})
    void shouldReadTheNamesThatPeopleWrite(String written, String name) {
        assertThat(Device.of(written)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CPU", "gpu", "cuda:", "cuda:-1", "cuda:x", "cuda:1000"})
    void shouldRefuseOtherNames(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Device.of(name))
                .withMessage("'" + name + "' is no device; expected cpu, cuda or cuda:N");
    }

    @Test
    void shouldHaveNoObjectionToTheProcessor() {
        assertThat(Device.CPU.objection()).isEmpty();
    }

    /** Of the last of a thousand GPUs, whatever this is built for and runs on. */
    @Test
    void shouldSayInASentenceWhyAGpuCannotBeUsed() {
        assertThat(Device.of("cuda:999").objection())
                .hasValueSatisfying(sentence -> assertThat(sentence)
                        .matches("This kscribe was built without CUDA .*|The device cuda:999 cannot be used: .+"));
    }
}
