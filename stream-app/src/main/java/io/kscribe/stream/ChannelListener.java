package io.kscribe.stream;

import io.kscribe.schema.Transcript;

/** Is told what becomes of channels, on a stream thread: to be quick. */
@FunctionalInterface
public interface ChannelListener {
    /** Cares for nothing. */
    ChannelListener NONE = (callId, channel, finals) -> {};

    /**
     * A channel has ended, and everything in it has been said; the transaction that says so is committed soon after.
     *
     * @param finals how many finals this instance has published for it
     */
    void finished(String callId, int channel, long finals);

    /** A partial or a final goes to Kafka; a final's transaction is committed soon after. */
    default void said(Transcript transcript) {}
}
