package io.kscribe.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.model.ModelException;
import io.kscribe.testing.RandomCheckpoint;
import io.kscribe.testing.RandomCheckpoint.Dimensions;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphSizeTest {
    private static final WhisperConfig TINY = new WhisperConfig(384, 80, 4, 6, 1536, 4, 6, 1536, 51865, 1500, 448);
    private static final WhisperConfig LARGE_V3 =
            new WhisperConfig(1280, 128, 32, 20, 5120, 32, 20, 5120, 51866, 1500, 448);
    private static final WhisperConfig LARGE_V3_TURBO =
            new WhisperConfig(1280, 128, 32, 20, 5120, 4, 20, 5120, 51866, 1500, 448);

    @TempDir
    private Path directory;

    /** As transformers counts them. */
    @Test
    void shouldCountTheParametersOfPublishedModels() {
        assertThat(parameters(TINY)).isEqualTo(37_760_640);
        assertThat(parameters(LARGE_V3)).isEqualTo(1_543_490_560);
        assertThat(parameters(LARGE_V3_TURBO)).isEqualTo(808_878_080);
    }

    @Test
    void shouldCountEveryNumberOfACheckpoint() throws Exception {
        RandomCheckpoint checkpoint = new RandomCheckpoint(new Dimensions(32, 128, 3, 4, 2, 2, 300), 1);
        checkpoint.describe(directory);
        assertThat(parameters(WhisperConfig.read(directory))).isEqualTo(checkpoint.parameters());
    }

    @Test
    void shouldRefuseAGraphThatDoesNotFitAFile() {
        assertThatThrownBy(() -> GraphSize.requireFits(LARGE_V3, Precision.FP32, Precision.INT8_BLOCKWISE))
                .isInstanceOf(ModelException.class)
                .hasMessage("the encoder of 741867520 parameters would take about 3.0 GB in fp32, an ONNX file holds at"
                        + " most 2.1 GB: compile it in 8 bits");
        assertThatThrownBy(() -> GraphSize.requireFits(LARGE_V3, Precision.INT8_ROWWISE, Precision.FP32))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith("the decoder of 801623040 parameters would take about 3.2 GB in fp32");
    }

    @Test
    void shouldTakeTheLargestModelIn8BitsAndSmallerOnesAsTheyAre() {
        assertThatCode(() -> GraphSize.requireFits(LARGE_V3, Precision.INT8_ROWWISE, Precision.INT8_BLOCKWISE))
                .doesNotThrowAnyException();
        assertThatCode(() -> GraphSize.requireFits(LARGE_V3_TURBO, Precision.INT8_ROWWISE, Precision.FP32))
                .doesNotThrowAnyException();
        assertThatCode(() -> GraphSize.requireFits(TINY, Precision.FP32, Precision.FP32))
                .doesNotThrowAnyException();
    }

    private static long parameters(WhisperConfig config) {
        return GraphSize.encoderParameters(config) + GraphSize.decoderParameters(config);
    }
}
