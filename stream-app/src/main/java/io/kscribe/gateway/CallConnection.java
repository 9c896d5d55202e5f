package io.kscribe.gateway;

import io.kscribe.gateway.CallEvent.Audio;
import io.kscribe.gateway.CallEvent.Begin;
import io.kscribe.gateway.CallEvent.End;
import io.kscribe.gateway.CallEvent.HangUp;
import io.kscribe.gateway.CallEvent.KeyPress;
import io.kscribe.gateway.CallEvent.Refuse;
import io.kscribe.gateway.CallEvent.Say;
import io.kscribe.gateway.CallEvent.SayBytes;
import io.kscribe.gateway.CallEvent.Silence;
import io.kscribe.gateway.GatewayMetrics.Count;
import io.kscribe.gateway.Trouble.Kind;
import io.kscribe.schema.Transcript;
import io.kscribe.web.Rate;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: a {@link Link}, the {@link Conversation} over it, and the {@link CallIngest} of the call. Thread-safe. */
final class CallConnection implements CallIngest.Listener {

    /** From this much of the buffer on, the client is told that Kafka does not follow, and until this much is left. */
    private static final double HIGH = 0.75;

    private static final double LOW = 0.25;

    private static final Logger log = LoggerFactory.getLogger(CallConnection.class);

    private final Conversation conversation;
    private final Link link;
    private final GatewayContext gateway;
    private final Rate rate;
    private @Nullable CallIngest ingest;
    private TranscriptFeed.@Nullable Subscription transcripts;
    private String name;
    private boolean pressed;
    private boolean ended;
    private boolean broken;
    private boolean closed;
    private boolean left;

    /**
     * A connection that has just been opened.
     *
     * @param name what the log calls it until the call's id is known
     */
    CallConnection(Conversation conversation, Link link, GatewayContext gateway, String name) {
        this.conversation = conversation;
        this.link = link;
        this.gateway = gateway;
        this.name = name;
        this.rate = new Rate(gateway.limits().messagesPerSecond(), System.nanoTime());
        gateway.opened(this);
    }

    /** A text message came. */
    synchronized void text(String message) {
        if (hears()) {
            apply(conversation.text(message));
        }
    }

    /** A binary message came, or a piece of a stream. */
    synchronized void bytes(ByteBuffer message) {
        if (hears()) {
            apply(conversation.bytes(message));
        }
    }

    private boolean hears() {
        if (closed) {
            return false;
        }
        if (!rate.allows(System.nanoTime())) {
            refuse("More than " + gateway.limits().messagesPerSecond() + " messages a second came.");
            return false;
        }
        return true;
    }

    /** The socket is closed. */
    synchronized void closed() {
        if (!closed) {
            closed = true;
            leave();
        }
    }

    /** The same call has come over another connection. */
    synchronized void replaced() {
        breakOff(new Trouble(Kind.REPLACED, "The call has come over another connection."));
    }

    /** The gateway stops. */
    synchronized void stop() {
        breakOff(new Trouble(Kind.STOPPING, "The gateway is being stopped; call again."));
    }

    private void apply(List<CallEvent> events) {
        for (CallEvent event : events) {
            if (closed) {
                return;
            }
            apply(event);
        }
    }

    private void apply(CallEvent event) {
        if (event instanceof Begin begin) {
            begin(begin.start());
        } else if (event instanceof Audio audio) {
            listen(ingest != null && ingest.audio(audio.line(), audio.samples()));
        } else if (event instanceof Silence silence) {
            log.info(
                    "{}: {} ms never came; silence is in their place",
                    name,
                    silence.time().toMillis());
            listen(ingest != null && ingest.silence(silence.line(), silence.time()));
        } else if (event instanceof KeyPress key) {
            press(key.digit());
        } else if (event instanceof End) {
            end();
        } else if (event instanceof Say say) {
            link.send(say.text());
        } else if (event instanceof SayBytes say) {
            link.send(say.bytes());
        } else if (event instanceof Refuse refusal) {
            refuse(refusal.sentence());
        } else if (event instanceof HangUp hangUp) {
            closed = true;
            link.close(hangUp.code(), hangUp.reason());
            leave();
        }
    }

    private void begin(CallStart start) {
        String wrong = gateway.objection(start);
        if (wrong != null) {
            refuse(wrong);
            return;
        }
        name = start.callId();
        long first = gateway.calls().begin(start, this);
        ingest = new CallIngest(start, first, gateway.sender(), gateway.clock(), this);
        gateway.metrics().count(Count.CALLS);
        log.info("{}: begins with chunk {}", name, first);
        conversation
                .wantsTranscripts()
                .ifPresent(call -> transcripts = gateway.feed().subscribe(call, this::said));
    }

    private void press(String digit) {
        gateway.metrics().count(Count.KEYS);
        if (gateway.keepKeys() && ingest != null) {
            ingest.key(digit);
        }
    }

    /** Sees to it that the client hears of it when audio piles up, or could not be kept. */
    private void listen(boolean taken) {
        if (ingest == null || broken || ended) {
            return;
        }
        if (!taken) {
            gateway.metrics().count(Count.OVERFLOWS);
            gateway.metrics().count(Count.UNDELIVERED_MILLIS, ingest.lostMillis());
            breakOff(new Trouble(Kind.KAFKA, "Kafka has not taken audio for so long that no more can be kept."));
        } else if (!pressed && ingest.fullness() > HIGH) {
            pressed = true;
            log.warn("{}: Kafka does not follow; the buffer is at {} %", name, Math.round(100 * ingest.fullness()));
            apply(conversation.pressed(true));
        }
    }

    private void end() {
        if (ingest == null) {
            apply(conversation.finished());
        } else if (!ended && !broken) {
            ended = true;
            ingest.end();
            finishIfAllKnown();
        }
    }

    private void refuse(String sentence) {
        gateway.metrics().count(Count.REFUSED);
        log.warn("{}: refused: {}", name, sentence);
        breakOff(new Trouble(Kind.REFUSED, sentence));
    }

    /** Takes no more audio, and tells the client why. */
    private void breakOff(Trouble trouble) {
        if (broken || closed) {
            return;
        }
        broken = true;
        long lost = 0;
        if (ingest != null) {
            ingest.breakOff();
            lost = ingest.lostMillis();
        }
        apply(conversation.broken(trouble, lost));
        leave();
    }

    /** Leaves the call to whoever comes next. */
    private void leave() {
        if (ingest != null && !left) {
            left = true;
            ingest.breakOff();
            gateway.calls().leave(ingest, this);
            long lost = ingest.lostMillis();
            if (lost > 0) {
                log.warn("{}: {} ms of audio were not delivered", name, lost);
            }
        }
        if (closed) {
            if (transcripts != null) {
                transcripts.close();
            }
            gateway.closed(this);
        }
    }

    private synchronized void said(Transcript transcript) {
        if (!closed) {
            apply(conversation.transcript(transcript));
        }
    }

    @Override
    public synchronized void delivered(CallIngest of, CallIngest.Line line, int bytes) {
        gateway.metrics().count(Count.CHUNKS);
        boolean further = of.noteDelivered(line, bytes);
        if (closed || broken) {
            return;
        }
        if (further) {
            apply(conversation.delivered(of.upToMillis()));
        }
        if (pressed && of.fullness() < LOW) {
            pressed = false;
            apply(conversation.pressed(false));
        }
        finishIfAllKnown();
    }

    @Override
    public synchronized void failed(CallIngest of, CallIngest.Line line, int bytes, Exception failure) {
        of.noteFailed(line, bytes);
        long millis = of.start().format().millis(bytes);
        gateway.metrics().count(Count.UNDELIVERED_MILLIS, millis);
        if (!broken) { // the rest of what waits fails for the same reason
            log.warn("{}: {} ms of audio were not delivered: {}", name, millis, failure.getMessage());
        }
        breakOff(new Trouble(Kind.KAFKA, "Kafka did not take audio in time."));
    }

    private void finishIfAllKnown() {
        if (ended && ingest != null && ingest.allKnown()) {
            log.info("{}: has ended", name);
            apply(conversation.finished());
            leave();
        }
    }
}
