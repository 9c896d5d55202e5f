package io.kscribe.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.model.Checkpoint;
import io.kscribe.testing.TinyCheckpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GraphCompilerTest {
    @TempDir
    Path temporary;

    @ParameterizedTest
    @EnumSource(Precision.class)
    void shouldWriteTheSameBytesEveryTime(Precision precision) throws Exception {
        Checkpoint checkpoint = checkpoint();
        CompiledModel first = new GraphCompiler(temporary.resolve("a")).compile(checkpoint, precision, precision);
        CompiledModel second = new GraphCompiler(temporary.resolve("b")).compile(checkpoint, precision, precision);
        assertThat(first.encoder()).hasSameBinaryContentAs(second.encoder());
        assertThat(first.decoder()).hasSameBinaryContentAs(second.decoder());
    }

    @Test
    void shouldCompileACheckpointOnce() throws Exception {
        GraphCompiler compiler = new GraphCompiler(temporary);
        FileTime past = FileTime.fromMillis(1_000_000);
        CompiledModel first = compiler.compile(checkpoint());
        Files.setLastModifiedTime(first.encoder(), past);
        assertThat(compiler.compile(checkpoint())).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(first.encoder())).isEqualTo(past);
    }

    @Test
    void shouldKeepPrecisionsApart() throws Exception {
        GraphCompiler compiler = new GraphCompiler(temporary);
        CompiledModel exact = compiler.compile(checkpoint(), Precision.FP32, Precision.FP32);
        CompiledModel small = compiler.compile(checkpoint());
        assertThat(exact.directory()).isNotEqualTo(small.directory());
        assertThat(Files.size(small.decoder())).isLessThan(Files.size(exact.decoder()));
    }

    @Test
    void shouldReadTheDimensions() throws Exception {
        CompiledModel model = new GraphCompiler(temporary).compile(checkpoint());
        assertThat(model.config()).isEqualTo(new WhisperConfig(16, 80, 1, 2, 32, 2, 2, 32, 24, 1500, 448));
        assertThat(model.config().headWidth()).isEqualTo(8);
    }

    @Test
    void shouldTakeAlignmentHeadsInTheOrderOfLayers() throws Exception {
        Path directory = checkpoint().directory();
        WhisperConfig config = WhisperConfig.read(directory);
        assertThat(AlignmentHead.read(directory, config))
                .containsExactly(new AlignmentHead(0, 1), new AlignmentHead(1, 0));
    }

    @Test
    void shouldAlignByTheUpperHalfOfTheDecoderIfNoHeadIsNamed() throws Exception {
        Path directory = checkpoint().directory();
        Files.writeString(directory.resolve("generation_config.json"), "{}");
        assertThat(AlignmentHead.read(directory, WhisperConfig.read(directory)))
                .isEqualTo(List.of(new AlignmentHead(1, 0), new AlignmentHead(1, 1)));
    }

    private Checkpoint checkpoint() throws Exception {
        return TinyCheckpoint.checkpoint(TinyCheckpoint.write(temporary.resolve("model"), 3));
    }
}
