package io.kscribe.cli;

import io.kscribe.schema.Transcript;
import org.jspecify.annotations.Nullable;

/** Names the call on each line from the moment there is more than one. */
final class CallColumn {

    private @Nullable String first;
    private boolean several;

    /** The call's id and two spaces, or nothing while all that was seen is one call. */
    String of(Transcript transcript) {
        String callId = transcript.getCallId();
        if (first == null) {
            first = callId;
        }
        several |= !first.equals(callId);
        return several ? TranscriptLine.printable(callId) + "  " : "";
    }
}
