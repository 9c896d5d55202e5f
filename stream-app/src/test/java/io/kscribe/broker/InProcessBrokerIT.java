package io.kscribe.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InProcessBrokerIT {

    @Test
    void shouldServeTransactions() throws Exception {
        try (InProcessBroker broker = InProcessBroker.start()) {
            String servers = broker.bootstrapServers();
            Transactions.createTopic(servers, "calls");
            Transactions.write(servers, "calls", "one", true);
            Transactions.write(servers, "calls", "withdrawn", false);
            Transactions.write(servers, "calls", "two", true);

            assertThat(Transactions.readCommittedUpTo(servers, "calls", "two")).containsExactly("one", "two");
        }
    }

    @Test
    void shouldRunBesideAnother() throws Exception {
        try (InProcessBroker one = InProcessBroker.start();
                InProcessBroker other = InProcessBroker.start()) {
            Transactions.createTopic(one.bootstrapServers(), "calls");
            Transactions.createTopic(other.bootstrapServers(), "calls");
            Transactions.write(one.bootstrapServers(), "calls", "one", true);
            Transactions.write(other.bootstrapServers(), "calls", "other", true);

            assertThat(Transactions.readCommittedUpTo(one.bootstrapServers(), "calls", "one"))
                    .containsExactly("one");
            assertThat(Transactions.readCommittedUpTo(other.bootstrapServers(), "calls", "other"))
                    .containsExactly("other");
        }
    }
}
