package io.kscribe.gateway;

import io.kscribe.gateway.CallEvent.Audio;
import io.kscribe.gateway.CallEvent.Begin;
import io.kscribe.gateway.CallEvent.End;
import io.kscribe.gateway.CallEvent.HangUp;
import io.kscribe.gateway.CallEvent.KeyPress;
import io.kscribe.gateway.CallEvent.Refuse;
import io.kscribe.gateway.CallEvent.SayBytes;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.schema.Role;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * <a href="https://docs.asterisk.org/Configuration/Channel-Drivers/AudioSocket/">Asterisk's AudioSocket</a>: frames of a type, a length
 * of two bytes (big-endian) and a payload. The first has the call's UUID; the type of the audio's says its rate.
 */
final class AudioSocketConversation implements Conversation {

    private static final int HEADER_BYTES = 3;
    private static final int UUID_BYTES = 16;

    private static final int HANG_UP = 0x00;
    private static final int ID = 0x01;
    private static final int KEY = 0x03;
    private static final int FIRST_AUDIO = 0x10;
    private static final int ERROR = 0xFF;

    /** Samples a second of audio of type 0x10, 0x11, ... */
    private static final int[] RATES_HZ = {8000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000};

    /** Asterisk's code for "a frame could not be passed on". */
    private static final byte FRAME_NOT_FORWARDED = 0x02;

    private final List<Role> roles;

    /** A frame that has not come whole yet. It grows with what comes, not with what its length promises. */
    private byte[] frame = new byte[256];

    private int frameBytes;
    private @Nullable UUID call;
    private int rateHz;
    private boolean over;

    /**
     * A conversation that begins.
     *
     * @param roles who is on channel 0
     */
    AudioSocketConversation(List<Role> roles) {
        this.roles = List.copyOf(roles);
    }

    @Override
    public List<CallEvent> text(String message) {
        throw new UnsupportedOperationException("AudioSocket has no text messages");
    }

    @Override
    public List<CallEvent> bytes(ByteBuffer piece) {
        List<CallEvent> events = new ArrayList<>();
        while (!over && piece.hasRemaining()) {
            take(piece, HEADER_BYTES);
            if (frameBytes < HEADER_BYTES) {
                break;
            }
            int length = (frame[1] & 0xFF) << 8 | frame[2] & 0xFF;
            take(piece, HEADER_BYTES + length);
            if (frameBytes < HEADER_BYTES + length) {
                break;
            }
            frameBytes = 0;
            follow(frame[0] & 0xFF, ByteBuffer.wrap(frame, HEADER_BYTES, length).slice(), events);
        }
        return events;
    }

    /** Fills the frame up to so many bytes, as far as the piece goes. */
    private void take(ByteBuffer piece, int wanted) {
        int bytes = Math.min(Math.max(0, wanted - frameBytes), piece.remaining());
        if (frameBytes + bytes > frame.length) {
            frame = Arrays.copyOf(frame, Math.max(frameBytes + bytes, 2 * frame.length));
        }
        piece.get(frame, frameBytes, bytes);
        frameBytes += bytes;
    }

    private void follow(int type, ByteBuffer payload, List<CallEvent> events) {
        switch (type) {
            case ID -> identify(payload, events);
            case KEY -> {
                if (payload.hasRemaining()) {
                    events.add(new KeyPress(String.valueOf((char) (payload.get() & 0x7F))));
                }
            }
            case HANG_UP, ERROR -> {
                over = true;
                events.add(new End());
            }
            default -> {
                if (type >= FIRST_AUDIO && type < FIRST_AUDIO + RATES_HZ.length) {
                    listen(RATES_HZ[type - FIRST_AUDIO], payload, events);
                }
                // Types that came later are not for us.
            }
        }
    }

    private void identify(ByteBuffer payload, List<CallEvent> events) {
        if (payload.remaining() != UUID_BYTES) {
            refuse("The UUID has " + payload.remaining() + " bytes; expected " + UUID_BYTES + ".", events);
        } else if (call == null) {
            call = new UUID(payload.getLong(), payload.getLong());
        }
    }

    private void listen(int frameRateHz, ByteBuffer payload, List<CallEvent> events) {
        if (call == null) {
            refuse("Audio came before the UUID.", events);
            return;
        }
        if (rateHz == 0) {
            rateHz = frameRateHz;
            Role role = roles.isEmpty() ? Role.UNKNOWN : roles.get(0);
            events.add(new Begin(new CallStart(
                    call.toString(),
                    List.of(new CallStart.Line(0, role)),
                    new AudioFormat(AudioEncoding.PCM_S16LE, rateHz),
                    null,
                    Map.of(),
                    null)));
        }
        if (frameRateHz != rateHz) {
            refuse("The rate changed from " + rateHz + " to " + frameRateHz + " Hz.", events);
        } else if (payload.remaining() % 2 != 0) {
            refuse("Audio of " + payload.remaining() + " bytes is no whole number of samples.", events);
        } else {
            events.add(new Audio(
                    0, ByteBuffer.allocate(payload.remaining()).put(payload).flip()));
        }
    }

    private void refuse(String sentence, List<CallEvent> events) {
        over = true;
        events.add(new Refuse(CloseCodes.PROTOCOL_ERROR, sentence));
    }

    @Override
    public List<CallEvent> broken(Trouble trouble, long undeliveredMillis) {
        over = true;
        ByteBuffer error = ByteBuffer.wrap(new byte[] {(byte) ERROR, 0, 1, FRAME_NOT_FORWARDED});
        return List.of(new SayBytes(error), new HangUp(trouble.code(), trouble.sentence()));
    }

    @Override
    public List<CallEvent> finished() {
        return List.of(new HangUp(CloseCodes.NORMAL, "The call has ended."));
    }
}
