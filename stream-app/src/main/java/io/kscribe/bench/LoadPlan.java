package io.kscribe.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Who speaks when, in the whole run: channels in pairs, each with words and pauses of its own, their chunks spread evenly over time.
 *
 * @param settings what was asked for
 * @param channels in the order of their start
 */
record LoadPlan(BenchSettings settings, List<BenchChannel> channels) {
    private static final int CHANNELS_A_CALL = 2;

    LoadPlan {
        channels = List.copyOf(channels);
    }

    /**
     * Makes a plan.
     *
     * @param run names the run in its calls' ids
     */
    static LoadPlan of(BenchSettings settings, SpeechBank speech, String run) {
        List<BenchChannel> channels = new ArrayList<>();
        Duration whole = settings.warmUp().plus(settings.duration());
        add(channels, run + "-", settings.channels(), Duration.ZERO, whole, settings, speech);
        Duration third = settings.duration().dividedBy(3);
        add(channels, run + "-surge-", settings.surge(), settings.warmUp().plus(third), third, settings, speech);
        return new LoadPlan(settings, channels);
    }

    private static void add(
            List<BenchChannel> channels,
            String calls,
            int count,
            Duration from,
            Duration length,
            BenchSettings settings,
            SpeechBank speech) {
        for (int i = 0; i < count; i++) {
            Duration phase = BenchSettings.CHUNK.multipliedBy(i).dividedBy(count);
            ChannelScript script =
                    ChannelScript.write(speech, length, settings.talk(), settings.seed() + 31L * channels.size());
            channels.add(new BenchChannel(calls + i / CHANNELS_A_CALL, i % CHANNELS_A_CALL, from.plus(phase), script));
        }
    }

    /** When the last channel ends, from the beginning. */
    Duration end() {
        return channels.stream().map(BenchChannel::end).max(Duration::compareTo).orElseThrow();
    }

    /** Audio of all channels together. */
    Duration audio() {
        return channels.stream().map(BenchChannel::length).reduce(Duration.ZERO, Duration::plus);
    }

    /** The share of it in which somebody speaks. */
    double talk() {
        long samples =
                channels.stream().mapToLong(one -> one.script().samples()).sum();
        long spoken = channels.stream().mapToLong(one -> one.script().spoken()).sum();
        return (double) spoken / samples;
    }
}
