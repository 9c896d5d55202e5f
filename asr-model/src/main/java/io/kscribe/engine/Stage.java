package io.kscribe.engine;

import java.util.Optional;

/**
 * A part of a decoding as a conversation: it says what the decoder is to run next, and reads what came of it.
 *
 * <p>So decodings do not know what else the decoder runs at the same time.
 */
interface Stage {
    /** What is to be run next, the same until it is {@linkplain #accept answered}; empty when the stage is over. */
    Optional<Pass> wanted();

    /** Takes what was {@link #wanted}. */
    void accept(Step step);
}
