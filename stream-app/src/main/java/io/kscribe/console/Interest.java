package io.kscribe.console;

import java.util.Set;

/**
 * What a viewer wants to be told of.
 *
 * @param calls these alone; empty for all
 * @param partials whether transcripts that may still change are wanted
 * @param levels calls whose loudness is wanted
 */
record Interest(Set<String> calls, boolean partials, Set<String> levels) {

    Interest {
        calls = Set.copyOf(calls);
        levels = Set.copyOf(levels);
    }

    boolean covers(Event event) {
        return switch (event.kind()) {
            case LEVELS -> levels.contains(event.callId());
            case PARTIAL -> partials && covers(event.callId());
            case CALL, FINAL, GONE -> covers(event.callId());
            case RESET, END -> true;
        };
    }

    private boolean covers(String callId) {
        return calls.isEmpty() || calls.contains(callId);
    }
}
