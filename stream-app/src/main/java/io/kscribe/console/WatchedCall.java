package io.kscribe.console;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.Role;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import io.kscribe.stream.ClockNumbers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is known of one call. Guarded by its hub. */
final class WatchedCall {

    /** Attributes that are remembered, and characters of each: those of a call may be much more. */
    private static final int MOST_ATTRIBUTES = 16;

    private static final int LONGEST_ATTRIBUTE = 256;

    /** How many chunks a number from the time of day may be off. */
    private static final int CLOCK_TOLERANCE = 3000;

    /** Less than this does not tell that a call began before it was first heard of. */
    private static final long EARLIER_MILLIS = 1000;

    /** How much of what a channel said last is part of a summary: the end of it. */
    private static final int LONGEST_LAST_TEXT = 200;

    /** A transcript takes about twice its JSON beside it. */
    private static final int COPIES = 3;

    /** A transcript as it was told, and when in the order of events. */
    record Kept(long number, Transcript transcript, String json) {

        int bytes() {
            return COPIES * json.length();
        }
    }

    /** What is known of one channel. */
    static final class Channel {
        private final int number;
        private final Loudness loudness;
        private final NavigableMap<Long, Kept> finals = new TreeMap<>();
        private final NavigableMap<Long, Kept> partials = new TreeMap<>();
        private Role role = Role.UNKNOWN;
        private @Nullable String language;
        private long startedAt;
        private boolean heard;

        /** Whether the number of the first chunk that was heard tells how many came before it. */
        private boolean startIsSure;

        private boolean ended;
        private long toldStep;

        private Channel(int number, Duration keptLoudness) {
            this.number = number;
            this.loudness = new Loudness(keptLoudness);
        }

        /** Takes note of when it began by its transcripts; true if that is well before it was first heard. */
        private boolean beganAt(long start) {
            if (startedAt - start < EARLIER_MILLIS) {
                return false;
            }
            long steps = (startedAt - start) / Loudness.STEP_MILLIS;
            loudness.moveBy(steps);
            toldStep += steps;
            startedAt = start;
            return true;
        }

        /** Keeps a transcript; returns how many bytes more are kept now. */
        private int keep(Kept said) {
            long segment = said.transcript.getSegmentId();
            if (!isFinal(said.transcript)) {
                return said.bytes() - bytes(partials.put(segment, said));
            }
            SortedMap<Long, Kept> overtaken = partials.headMap(segment, true);
            int freed = overtaken.values().stream().mapToInt(Kept::bytes).sum();
            overtaken.clear();
            return said.bytes() - bytes(finals.put(segment, said)) - freed;
        }

        private static int bytes(@Nullable Kept kept) {
            return kept == null ? 0 : kept.bytes();
        }
    }

    private final String id;
    private final Duration keptLoudness;
    private final SortedMap<Integer, Channel> channels = new TreeMap<>();
    private final Map<String, String> attributes = new TreeMap<>();
    private long heardAt;
    private boolean live;
    private long told;
    private long transcriptBytes;

    WatchedCall(String id, Duration keptLoudness) {
        this.id = id;
        this.keptLoudness = keptLoudness;
    }

    String id() {
        return id;
    }

    /** When it was last heard of, in milliseconds of the hub's clock. */
    long heardAt() {
        return heardAt;
    }

    boolean isLive() {
        return live;
    }

    /** The number of the event that last told of the call itself. */
    long told() {
        return told;
    }

    void tell(long number) {
        told = number;
    }

    /** Whether every channel has said that it is over. */
    boolean hasEnded() {
        return !channels.isEmpty() && channels.values().stream().allMatch(channel -> channel.ended);
    }

    /** Looks at the clock; true if that changes whether the call goes on. */
    boolean look(long now, Duration silentCall) {
        boolean before = live;
        live = !hasEnded() && now - heardAt < silentCall.toMillis();
        return live != before;
    }

    /** Takes note of audio; true if something about the call has become known. */
    boolean hear(AudioChunk chunk, long now) {
        heardAt = Math.max(heardAt, now);
        boolean news = channels.get(chunk.getChannel()) == null;
        Channel channel = channel(chunk.getChannel());
        long startOfWords = news || channel.heard ? Long.MAX_VALUE : channel.startedAt;
        news |= learn(channel, chunk.getRole(), chunk.getLanguage());
        if (!channel.heard) {
            channel.heard = true;
            channel.startIsSure = !ClockNumbers.isOneOf(chunk, CLOCK_TOLERANCE);
            channel.startedAt = startOf(chunk, channel.startIsSure ? chunk.getSequence() : 0);
            news = true;
        }
        for (Map.Entry<String, String> attribute : chunk.getAttributes().entrySet()) {
            if (attribute.getKey().length() <= LONGEST_ATTRIBUTE
                    && attribute.getValue().length() <= LONGEST_ATTRIBUTE
                    && (attributes.size() < MOST_ATTRIBUTES || attributes.containsKey(attribute.getKey()))) {
                news |= !attribute.getValue().equals(attributes.put(attribute.getKey(), attribute.getValue()));
            }
        }
        channel.loudness.hear(chunk);
        if (!channel.startIsSure && startOfWords != Long.MAX_VALUE) {
            channel.beganAt(startOfWords);
        }
        if (chunk.getEndOfStream() && !channel.ended) {
            channel.ended = true;
            news = true;
        }
        return news;
    }

    /** Whether a transcript says anything that is not known yet. */
    boolean isNews(Transcript transcript) {
        Channel channel = channels.get(transcript.getChannel());
        if (channel == null) {
            return true;
        }
        Kept end = channel.finals.get(transcript.getSegmentId());
        if (isFinal(transcript)) {
            return end == null || end.transcript.getRevision() < transcript.getRevision();
        }
        boolean overtaken = !channel.finals.isEmpty() && channel.finals.lastKey() >= transcript.getSegmentId();
        Kept partial = channel.partials.get(transcript.getSegmentId());
        return !overtaken && (partial == null || partial.transcript.getRevision() < transcript.getRevision());
    }

    /** Takes note of a transcript; true if something about the call has become known. */
    boolean say(Kept said, long now) {
        Transcript transcript = said.transcript;
        heardAt = Math.max(heardAt, Math.min(now, transcript.getEmittedAt().toEpochMilli()));
        boolean news = channels.get(transcript.getChannel()) == null;
        Channel channel = channel(transcript.getChannel());
        news |= learn(channel, transcript.getRole(), transcript.getLanguage());
        // The best that is known without the channel's first chunk.
        long start = transcript.getCapturedAt().toEpochMilli() - transcript.getEndMillis();
        if (!channel.heard) {
            channel.startedAt = news ? start : Math.min(channel.startedAt, start);
        } else if (!channel.startIsSure) {
            news |= channel.beganAt(start);
        }
        transcriptBytes += channel.keep(said);
        return news;
    }

    /** Forgets the final that was said first; false if there is none. */
    boolean forgetFirst() {
        Channel first = null;
        for (Channel channel : channels.values()) {
            if (!channel.finals.isEmpty() && (first == null || start(channel) < start(first))) {
                first = channel;
            }
        }
        if (first == null) {
            return false;
        }
        transcriptBytes -= Channel.bytes(first.finals.pollFirstEntry().getValue());
        return true;
    }

    /** What is remembered of it, in bytes, roughly. */
    long bytes() {
        return transcriptBytes
                + channels.values().stream()
                        .mapToInt(channel -> channel.loudness.bytes())
                        .sum();
    }

    /** The finals in the order of time. */
    List<Kept> finals() {
        return inTime(channels.values().stream().flatMap(channel -> channel.finals.values().stream()));
    }

    /** What is being said. */
    List<Kept> partials() {
        return inTime(channels.values().stream().flatMap(channel -> channel.partials.values().stream()));
    }

    /** The call without its words. */
    Map<String, @Nullable Object> summary() {
        long startedAt = channels.values().stream()
                .mapToLong(channel -> channel.startedAt)
                .min()
                .orElse(heardAt);
        Map<String, @Nullable Object> summary = new LinkedHashMap<>();
        summary.put("callId", id);
        summary.put("live", live);
        summary.put("startedAt", startedAt);
        summary.put("heardAt", heardAt);
        summary.put("attributes", Map.copyOf(attributes));
        summary.put(
                "channels",
                channels.values().stream()
                        .map(channel -> summary(channel, startedAt))
                        .toList());
        return summary;
    }

    /** The loudness of every channel from a step on that it has not been told from; or all of it. */
    List<Map<String, @Nullable Object>> levels(boolean all) {
        List<Map<String, @Nullable Object>> levels = new ArrayList<>();
        for (Channel channel : channels.values()) {
            long from = Math.max(channel.loudness.start(), all ? 0 : channel.toldStep);
            if (from < channel.loudness.end()) {
                Map<String, @Nullable Object> told = new LinkedHashMap<>();
                told.put("callId", id);
                told.put("channel", channel.number);
                told.put("fromMillis", from * Loudness.STEP_MILLIS);
                told.put("stepMillis", Loudness.STEP_MILLIS);
                told.put("levels", channel.loudness.since(from));
                levels.add(told);
            }
            if (!all) {
                channel.toldStep = channel.loudness.end();
            }
        }
        return levels;
    }

    private static Map<String, @Nullable Object> summary(Channel channel, long callStartedAt) {
        List<Long> talk = new ArrayList<>();
        for (Kept said : channel.finals.values()) {
            talk.add(said.transcript.getStartMillis());
            talk.add(said.transcript.getEndMillis());
        }
        Map<String, @Nullable Object> summary = new LinkedHashMap<>();
        summary.put("channel", channel.number);
        summary.put("role", channel.role.name());
        summary.put("language", channel.language);
        // Without the audio it is not known by how much channels are apart.
        summary.put("startedAt", channel.heard ? channel.startedAt : callStartedAt);
        summary.put("ended", channel.ended);
        summary.put("talk", talk);
        summary.put("lastText", channel.finals.isEmpty() ? null : lastText(channel));
        return summary;
    }

    private static String lastText(Channel channel) {
        String text = channel.finals.lastEntry().getValue().transcript.getText();
        return text.length() <= LONGEST_LAST_TEXT ? text : text.substring(text.length() - LONGEST_LAST_TEXT);
    }

    private Channel channel(int number) {
        return channels.computeIfAbsent(number, n -> new Channel(n, keptLoudness));
    }

    private static boolean learn(Channel channel, Role role, @Nullable String language) {
        boolean news = false;
        if (channel.role == Role.UNKNOWN && role != Role.UNKNOWN) {
            channel.role = role;
            news = true;
        }
        if (language != null && !language.equals(channel.language)) {
            channel.language = language;
            news = true;
        }
        return news;
    }

    /** When the channel's first sample was captured, if so many chunks of this length came before this one. */
    private static long startOf(AudioChunk chunk, long before) {
        int bytes = chunk.getPayload().remaining();
        int width = switch (chunk.getEncoding()) {
            case MULAW, ALAW -> 1;
            case PCM_F32LE -> Float.BYTES;
            default -> Short.BYTES;
        };
        long chunkMillis = chunk.getSampleRate() <= 0 ? 0 : bytes * 1000L / width / chunk.getSampleRate();
        return chunk.getCapturedAt().toEpochMilli() - chunkMillis * (before + 1);
    }

    private static List<Kept> inTime(Stream<Kept> kept) {
        return kept.sorted((one, other) ->
                        Long.compare(one.transcript.getStartMillis(), other.transcript.getStartMillis()))
                .toList();
    }

    private static long start(Channel channel) {
        return channel.finals.firstEntry().getValue().transcript.getStartMillis();
    }

    private static boolean isFinal(Transcript transcript) {
        return transcript.getStatus() == TranscriptStatus.FINAL;
    }
}
