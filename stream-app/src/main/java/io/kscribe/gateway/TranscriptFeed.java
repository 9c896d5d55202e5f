package io.kscribe.gateway;

import io.kscribe.schema.Transcript;
import java.util.function.Consumer;

/** Where the transcripts of a call can be heard of as they come. Thread-safe. */
@FunctionalInterface
public interface TranscriptFeed {

    /** One who has subscribed, until it is closed. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Tells a listener of a call's transcripts from now on, partials and finals, on a thread of the feed's.
     *
     * @param callId the call's
     */
    Subscription subscribe(String callId, Consumer<Transcript> listener);
}
