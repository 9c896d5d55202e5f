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
    void shouldBeTheLeastOfABrokerAsItComesUnlessInstancesWatch() throws Exception {
        try (EmbeddedBroker broker = OrdinaryBroker.start(directory, 0)) {
            KafkaConnection connection = KafkaConnection.to(broker.bootstrapServers());
            assertThat(SessionTimeout.allowed(connection, false)).hasSeconds(6);
            assertThat(SessionTimeout.allowed(connection, true)).isEqualTo(SessionTimeout.WATCHED);
        }
    }

    @Test
    void shouldBeLongerWhereABrokerInsists() throws Exception {
        try (EmbeddedBroker broker = OrdinaryBroker.startWith(directory, "group.min.session.timeout.ms", "9000")) {
            assertThat(SessionTimeout.allowed(KafkaConnection.to(broker.bootstrapServers()), false))
                    .hasSeconds(9);
        }
    }
}
