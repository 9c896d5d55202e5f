package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.engine.Transcription;
import io.kscribe.recognizer.RecognitionTask;
import io.kscribe.schema.KscribeSerdes;
import io.kscribe.schema.TranscriptSerializer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

/** The picture of the topology in the README is the topology's; with {@code -Dkscribe.readme=write}, the README is put right. */
class TopologyPictureIT {
    private static final Path README = Path.of("..", "README.md");
    private static final Pattern PICTURE = Pattern.compile("```mermaid\n(flowchart.*?)```", Pattern.DOTALL);

    @Test
    void shouldBeInTheReadmeAsItIs() throws Exception {
        String drawn = TopologyPicture.of(topology().describe());
        String readme = Files.readString(README);
        Matcher picture = PICTURE.matcher(readme);
        assertThat(picture.find()).as("the README has a flow chart").isTrue();
        if ("write".equals(System.getProperty("kscribe.readme"))) {
            Files.writeString(README, readme.substring(0, picture.start(1)) + drawn + readme.substring(picture.end(1)));
        } else {
            assertThat(picture.group(1)).isEqualTo(drawn);
        }
    }

    @Test
    void shouldKeepACallOnOnePartition() {
        assertThat(topology().describe().subtopologies()).hasSize(1);
    }

    private static Transcription notCalled(RecognitionTask task) {
        throw new IllegalStateException("nothing is decoded here, not even segment " + task.segment());
    }

    private static Topology topology() {
        try (InferencePool pool = new InferencePool(TopologyPictureIT::notCalled, 1)) {
            return TranscriptionTopology.build(
                    Topics.standard(),
                    StreamLimits.standard(),
                    TinyModel.live(),
                    pool,
                    ChannelListener.NONE,
                    InstantSource.system(),
                    KscribeSerdes.audioChunk(),
                    new TranscriptSerializer(),
                    Upstream.READ,
                    Tracing.off());
        }
    }
}
