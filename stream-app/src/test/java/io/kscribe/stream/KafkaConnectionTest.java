package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.schema.AudioChunkSerializer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class KafkaConnectionTest {

    private static final KafkaConnection CONNECTION = KafkaConnection.to("broker:9092");

    @Test
    void shouldPinItsDefaults() {
        assertThat(KafkaConnection.DEFAULT_BOOTSTRAP_SERVERS).isEqualTo("localhost:9092");
        assertThat(CONNECTION.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(CONNECTION.settings()).isEmpty();
    }

    @Test
    void shouldPassSettingsOnButKnowTheServersItself() {
        KafkaConnection connection = new KafkaConnection(
                "broker:9092",
                Map.of("security.protocol", "SSL", "bootstrap.servers", "other:1"),
                Duration.ofSeconds(1));

        assertThat(connection.clientConfig())
                .containsOnly(Map.entry("security.protocol", "SSL"), Map.entry("bootstrap.servers", "broker:9092"));
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KafkaConnection.to(" "))
                .withMessage("The bootstrap server is empty; expected host:port.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KafkaConnection("broker:9092", Map.of(), Duration.ZERO))
                .withMessage("The timeout is 0 ms; expected 1 to 2147483647 ms.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KafkaConnection("broker:9092", Map.of(), Duration.ofDays(25)))
                .withMessageContaining("2160000000 ms");
    }

    @Test
    void shouldSayWhichSettingIsNotUsable() {
        KafkaConnection wrong = new KafkaConnection(
                "broker.invalid:9092", Map.of("security.protocol", "PIGEON"), Duration.ofSeconds(1));

        assertThatThrownBy(wrong::admin)
                .isInstanceOf(KafkaFailure.class)
                .hasMessageStartingWith("A Kafka setting is not usable: ")
                .hasMessageContaining("PIGEON");
    }

    @Test
    void shouldSayThatANameCannotBeResolved() {
        KafkaConnection nowhere = KafkaConnection.to("broker.invalid:9092");

        assertThatThrownBy(() -> nowhere.producer(new AudioChunkSerializer(), Duration.ZERO))
                .isInstanceOf(KafkaFailure.class)
                .hasMessage("No server of broker.invalid:9092 has a name that can be resolved.");
    }

    @Test
    void shouldMakeASentenceOfEachFailure() {
        assertThat(sentence(new ExecutionException(new TimeoutException("Timed out waiting for a node assignment."))))
                .isEqualTo("No answer from Kafka at broker:9092 within 10000 ms; is a broker listening there?");
        assertThat(sentence(new SaslAuthenticationException("Authentication failed.")))
                .isEqualTo("Kafka at broker:9092 does not know us: Authentication failed.");
        assertThat(sentence(new TopicAuthorizationException("Not authorized to access topics: [a]")))
                .isEqualTo("Kafka at broker:9092 does not allow this: Not authorized to access topics: [a]");
        assertThat(sentence(new KafkaException("Failed to construct", new ConfigException("Odd value"))))
                .isEqualTo("A Kafka setting is not usable: Odd value");
        assertThat(sentence(new KafkaException("outer", new RecordTooLargeException("Too large."))))
                .isEqualTo("Kafka at broker:9092 failed: Too large.");
        assertThat(sentence(new IllegalStateException()))
                .isEqualTo("Kafka at broker:9092 failed: IllegalStateException.");
    }

    @Test
    void shouldLeaveAFailureThatIsASentenceAlready() {
        KafkaFailure failure = new KafkaFailure("Topic a does not exist.");

        assertThat(KafkaFailure.of(new ExecutionException(failure), CONNECTION)).isSameAs(failure);
    }

    private static String sentence(Throwable thrown) {
        return String.valueOf(KafkaFailure.of(thrown, CONNECTION).getMessage());
    }
}
