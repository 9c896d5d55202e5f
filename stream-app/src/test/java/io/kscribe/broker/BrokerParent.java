package io.kscribe.broker;

import java.nio.file.Path;

/** A program that starts a broker, prints the broker's process id, and stays until it is killed. */
final class BrokerParent {

    /** What stands before the process id, among whatever else is printed. */
    static final String PREFIX = "broker process ";

    private BrokerParent() {}

    public static void main(String[] args) throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]));
        System.out.println(PREFIX + broker.process().pid());
        Thread.currentThread().join();
    }
}
