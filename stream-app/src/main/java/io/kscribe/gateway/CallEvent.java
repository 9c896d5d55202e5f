package io.kscribe.gateway;

import java.nio.ByteBuffer;
import java.time.Duration;

/** What a {@link Conversation} wants done, in the order in which it is to be done. */
sealed interface CallEvent {

    /** The call begins; comes once, before its audio. */
    record Begin(CallStart start) implements CallEvent {}

    /**
     * Audio of one channel.
     *
     * @param line which of the call's lines
     * @param samples whole samples in the call's format; the receiver's to keep
     */
    record Audio(int line, ByteBuffer samples) implements CallEvent {}

    /** Audio of one channel that was lost before it came here: silence takes its place. */
    record Silence(int line, Duration time) implements CallEvent {}

    /** A key was pressed. */
    record KeyPress(String digit) implements CallEvent {}

    /** The call is over. */
    record End() implements CallEvent {}

    /** Something to say to the client. */
    record Say(String text) implements CallEvent {}

    /** Something to say to the client, in bytes. */
    record SayBytes(ByteBuffer bytes) implements CallEvent {}

    /**
     * The client did what it may not: it is told, and what it says from now on is not heard.
     *
     * @param code a close code of WebSocket's
     * @param sentence what was wrong, for a person
     */
    record Refuse(int code, String sentence) implements CallEvent {}

    /**
     * The connection is to be closed.
     *
     * @param code a close code of WebSocket's
     */
    record HangUp(int code, String reason) implements CallEvent {}
}
