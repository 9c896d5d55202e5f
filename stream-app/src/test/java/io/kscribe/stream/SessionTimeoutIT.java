package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.broker.EmbeddedBroker;
import io.kscribe.broker.OrdinaryBroker;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTimeoutIT {
    @TempDir
    private Path directory;

    @Test
    void shouldBeTheLeastOfABrokerAsItComes() throws Exception {
        try (EmbeddedBroker broker = OrdinaryBroker.start(directory, 0)) {
            assertThat(SessionTimeout.allowed(KafkaConnection.to(broker.bootstrapServers())))
                    .hasSeconds(6);
        }
    }

    @Test
    void shouldBeLongerWhereABrokerInsists() throws Exception {
        try (EmbeddedBroker broker = OrdinaryBroker.startWith(directory, "group.min.session.timeout.ms", "9000")) {
            assertThat(SessionTimeout.allowed(KafkaConnection.to(broker.bootstrapServers())))
                    .hasSeconds(9);
        }
    }
}
