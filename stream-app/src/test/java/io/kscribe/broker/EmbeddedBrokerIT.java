package io.kscribe.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedBrokerIT {

    /** Longer than the child allows itself for an orderly stop. */
    private static final long END_LIMIT_SECONDS = 30;

    @TempDir
    Path directory;

    @Test
    void shouldServeTransactionsAndFindThemAgainAfterARestart() throws Exception {
        ProcessHandle first;
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            first = broker.process();
            String servers = broker.bootstrapServers();
            Transactions.createTopic(servers, "calls");
            Transactions.write(servers, "calls", "one", true);
            Transactions.write(servers, "calls", "withdrawn", false);
            Transactions.write(servers, "calls", "two", true);

            assertThat(Transactions.readCommittedUpTo(servers, "calls", "two")).containsExactly("one", "two");
        }
        assertThat(first.isAlive()).isFalse();

        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            Transactions.write(broker.bootstrapServers(), "calls", "three", true);

            assertThat(Transactions.readCommittedUpTo(broker.bootstrapServers(), "calls", "three"))
                    .containsExactly("one", "two", "three");
        }
        assertThat(directory.resolve(EmbeddedBroker.LOG_FILE)).isEmptyFile();
    }

    @Test
    void shouldListenWhereItIsTold() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, port)) {
            assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
            Transactions.createTopic("127.0.0.1:" + port, "calls");
        }
    }

    @Test
    void shouldRefuseADirectoryThatAnotherBrokerUses() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            assertThatThrownBy(() -> EmbeddedBroker.start(directory))
                    .isInstanceOf(BrokerException.class)
                    .hasMessage(
                            "The directory %s is in use by another broker (process %d): stop that one, or choose another"
                                    + " directory.",
                            directory, broker.process().pid());

            Transactions.createTopic(broker.bootstrapServers(), "calls");
        }
    }

    @Test
    void shouldRefuseAPortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedBroker.start(directory, taken.getLocalPort()))
                    .isInstanceOf(BrokerException.class)
                    .hasMessageStartingWith("Port " + taken.getLocalPort() + " on 127.0.0.1 is not free");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536})
    void shouldRefuseAPortThatDoesNotExist(int port) {
        assertThatThrownBy(() -> EmbeddedBroker.start(directory, port))
                .isInstanceOf(BrokerException.class)
                .hasMessage("The broker's port must be from 1 to 65535, or 0 for a free one; it is %d.", port);
    }

    @Test
    void shouldShowTheLastLinesOfTheLogOfABrokerThatEnds() throws Exception {
        Files.createDirectory(directory.resolve("log"));
        Files.writeString(directory.resolve("log").resolve("meta.properties"), "version=7\n");

        assertThatThrownBy(() -> EmbeddedBroker.start(directory))
                .isInstanceOf(BrokerException.class)
                .hasMessageStartingWith(
                        "The embedded broker ended with status 1 before it was ready. The end of its log ("
                                + directory.resolve(EmbeddedBroker.LOG_FILE) + "):\n")
                .hasMessageContaining("meta.properties");
    }

    /** Both ways in which a parent ends without closing its broker: as by Ctrl-C, and killed. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndWithItsParent(boolean killed) throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerParent.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = parent.inputReader()) {
            String line = out.lines()
                    .filter(printed -> printed.startsWith(BrokerParent.PREFIX))
                    .findFirst()
                    .orElseThrow();
            ProcessHandle child = ProcessHandle.of(Long.parseLong(line.substring(BrokerParent.PREFIX.length())))
                    .orElseThrow();
            assertThat(child.isAlive()).isTrue();

            if (killed) {
                parent.destroyForcibly();
            } else {
                parent.destroy();
            }

            child.onExit().get(END_LIMIT_SECONDS, TimeUnit.SECONDS);
        } finally {
            parent.destroyForcibly();
        }
        try (EmbeddedBroker next = EmbeddedBroker.start(directory)) {
            assertThat(next.process().isAlive()).isTrue();
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void shouldNotHearACtrlCThatReachesTheWholeTerminal() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            Process kill = new ProcessBuilder(
                            "kill", "-INT", Long.toString(broker.process().pid()))
                    .start();
            assertThat(kill.waitFor()).isZero();

            Transactions.createTopic(broker.bootstrapServers(), "calls");
            Transactions.write(broker.bootstrapServers(), "calls", "one", true);
            assertThat(Transactions.readCommittedUpTo(broker.bootstrapServers(), "calls", "one"))
                    .containsExactly("one");
        }
    }
}
