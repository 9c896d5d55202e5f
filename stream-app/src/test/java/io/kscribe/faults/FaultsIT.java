package io.kscribe.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.bench.Arrival;
import io.kscribe.bench.TopicReader;
import io.kscribe.faults.Gaps.Gap;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.schema.Transcript;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.ServiceSettings;
import io.kscribe.stream.SteadyClock;
import io.kscribe.stream.StreamLimits;
import io.kscribe.stream.TinyModel;
import io.kscribe.stream.TopicAdmin;
import io.kscribe.stream.TopicPlan;
import io.kscribe.stream.Topics;
import io.kscribe.stream.TranscriptionService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Instances that are killed, stopped, paused and restarted, and a broker that is, while real people speak: what is said of their calls is
 * what an undisturbed service says. {@link FaultSettings} says how much of it.
 */
class FaultsIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration SETTLE = Duration.ofSeconds(3);

    /** All that tells finals apart which ought to be the same. */
    private record Segment(String callId, int channel, long segmentId) {
        static Segment of(Transcript transcript) {
            return new Segment(transcript.getCallId(), transcript.getChannel(), transcript.getSegmentId());
        }
    }

    @TempDir
    private Path temporary;

    @Test
    void shouldLoseNoFinalAndRepeatNoneWhateverIsKilled() throws Exception {
        FaultSettings settings = FaultSettings.fromProperties();
        System.out.println("The same again: " + settings.command());
        Path directory = Files.createDirectories(settings.directory().orElse(temporary));
        Speech speech = Speech.load(settings.manifests());
        SteadyClock clock = new SteadyClock();
        try (FaultRun run = new FaultRun(settings, directory, clock)) {
            String servers = run.bootstrapServers();
            createTopics(servers, Topics.standard());
            run.startInstances();
            LiveCalls live =
                    new LiveCalls(servers, Topics.AUDIO, speech, new Random(~settings.seed()), settings.calls(), clock);
            try (TopicReader finals =
                            reader(servers, Topics.standard().transcripts(), IsolationLevel.READ_COMMITTED, clock);
                    TopicReader partials =
                            reader(servers, Topics.standard().partials(), IsolationLevel.READ_UNCOMMITTED, clock)) {
                live.start();
                run.harm(settings.kills());
                if (settings.rolling()) {
                    run.restartAll();
                }
                List<ScriptedCall> calls = live.finish();
                List<Transcript> expected = undisturbed(servers, directory, calls, live.startedAt());
                assertThat(expected).isNotEmpty();
                awaitAsMany(finals, expected.size());

                List<Transcript> said =
                        finals.arrivals().stream().map(Arrival::transcript).toList();
                report(run, calls, live.startedAt(), expected, finals, partials);
                assertThat(timeless(said)).containsExactlyInAnyOrderElementsOf(timeless(expected));
                assertThat(run.disorderlyStops()).isZero();
            }
        }
    }

    private static void createTopics(String bootstrapServers, Topics topics) throws InterruptedException {
        try (TopicAdmin admin = new TopicAdmin(KafkaConnection.to(bootstrapServers))) {
            admin.create(new TopicPlan(topics, TopicPlan.DEFAULT_PARTITIONS, (short) 1));
        }
    }

    private static TopicReader reader(String servers, String topic, IsolationLevel isolation, SteadyClock clock) {
        return new TopicReader(
                new KafkaConnection(servers, Map.of(), LiveCalls.PATIENCE),
                topic,
                isolation,
                ScriptedCall.NAMES,
                clock);
    }

    /** Waits until everything has been said that is expected, and a little longer, for what is not. */
    private static void awaitAsMany(TopicReader finals, int expected) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (finals.arrivals().size() < expected && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        TimeUnit.NANOSECONDS.sleep(SETTLE.toNanos());
    }

    /** What comes of the calls when nothing happens: topics of their own, an instance in this process. */
    private static List<Transcript> undisturbed(String servers, Path directory, List<ScriptedCall> calls, Instant start)
            throws Exception {
        KafkaConnection connection = KafkaConnection.to(servers);
        Topics calm = new Topics("calm.audio", "calm.partials", "calm.transcripts", "calm.dlq");
        createTopics(servers, calm);
        ServiceSettings settings = new ServiceSettings(
                "calm",
                directory.resolve("calm"),
                1,
                2,
                ServiceSettings.DEFAULT_COMMIT_INTERVAL,
                ServiceSettings.DEFAULT_TRANSACTION_TIMEOUT);
        CountDownLatch channels = new CountDownLatch(calls.size() * ScriptedCall.CHANNELS);
        try (TopicReader said = reader(servers, calm.transcripts(), IsolationLevel.READ_COMMITTED, new SteadyClock());
                TranscriptionService service = TranscriptionService.start(
                        connection,
                        calm,
                        settings,
                        StreamLimits.standard(),
                        TinyModel.live(),
                        (callId, channel, finals) -> channels.countDown())) {
            assertThat(service.awaitRunning(Duration.ofMinutes(1))).isTrue();
            publish(connection, calm.audio(), calls, start);
            assertThat(channels.await(calls.size() * 30L + 60, TimeUnit.SECONDS))
                    .as("the undisturbed service has said everything")
                    .isTrue();
            TimeUnit.NANOSECONDS.sleep(SETTLE.toNanos());
            return said.arrivals().stream()
                    .map(Arrival::transcript)
                    .sorted(Comparator.comparing(Transcript::getCallId)
                            .thenComparing(Transcript::getChannel)
                            .thenComparing(Transcript::getSegmentId))
                    .toList();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what is not published is not said either
    private static void publish(KafkaConnection connection, String topic, List<ScriptedCall> calls, Instant start) {
        try (Producer<String, AudioChunk> producer =
                connection.producer(new AudioChunkSerializer(), Duration.ofMillis(5))) {
            for (ScriptedCall call : calls) {
                for (int i = 0; i < call.chunks(); i++) {
                    for (AudioChunk chunk : call.chunks(i, start)) {
                        producer.send(new ProducerRecord<>(topic, chunk.getCallId(), chunk));
                    }
                }
            }
        }
    }

    private static List<Transcript> timeless(List<Transcript> transcripts) {
        return transcripts.stream().map(FaultsIT::timeless).toList();
    }

    /** All that does not depend on when it was written. */
    private static Transcript timeless(Transcript transcript) {
        return Transcript.newBuilder(transcript).setEmittedAt(Instant.EPOCH).build();
    }

    private static void report(
            FaultRun run,
            List<ScriptedCall> calls,
            Instant start,
            List<Transcript> expected,
            TopicReader finals,
            TopicReader partials) {
        Map<Segment, List<Transcript>> said = finals.arrivals().stream()
                .map(seen -> timeless(seen.transcript()))
                .collect(Collectors.groupingBy(Segment::of));
        long lost = 0;
        long doubled = 0;
        long changed = 0;
        for (Transcript transcript : expected) {
            List<Transcript> found = said.getOrDefault(Segment.of(transcript), List.of());
            if (found.size() != 1 || !found.get(0).equals(timeless(transcript))) {
                System.out.println("expected " + brief(transcript) + " but read "
                        + found.stream().map(FaultsIT::brief).toList());
            }
            lost += found.isEmpty() ? 1 : 0;
            doubled += Math.max(0, found.size() - 1);
            changed += found.stream().anyMatch(one -> !one.equals(timeless(transcript))) ? 1 : 0;
        }
        System.out.printf(
                "%d calls, %d finals: %d lost, %d doubled, %d changed; %d instances did not end when asked to%n",
                calls.size(), expected.size(), lost, doubled, changed, run.disorderlyStops());
        Gaps gaps = gaps(calls, start, expected, finals, partials);
        Map<Fault, Gap> worst = gaps.worst(run.faults());
        worst.forEach((fault, gap) -> System.out.println(fault.at() + " " + fault.what() + ": " + gap));
        Gaps.table(run.faults(), worst).forEach(System.out::println);
        List<Duration> calm = gaps.undisturbed(run.faults());
        if (!calm.isEmpty()) {
            System.out.printf(
                    "undisturbed: %d gaps, median %d ms, worst %d ms%n",
                    calm.size(),
                    calm.get(calm.size() / 2).toMillis(),
                    calm.get(calm.size() - 1).toMillis());
        }
    }

    private static String brief(Transcript transcript) {
        return transcript.getCallId() + "/" + transcript.getChannel() + " segment " + transcript.getSegmentId() + " ["
                + transcript.getStartMillis() + " - " + transcript.getEndMillis() + "] '" + transcript.getText() + "' "
                + transcript.getFlags() + " captured " + transcript.getCapturedAt();
    }

    private static Gaps gaps(
            List<ScriptedCall> calls,
            Instant start,
            List<Transcript> expected,
            TopicReader finals,
            TopicReader partials) {
        Map<String, List<Transcript>> segments = expected.stream().collect(Collectors.groupingBy(FaultsIT::channel));
        Map<String, List<Arrival>> outputs = new HashMap<>();
        List<Arrival> all = new ArrayList<>(partials.arrivals());
        all.addAll(finals.arrivals());
        all.sort(Comparator.comparing(Arrival::at));
        all.forEach(seen -> outputs.computeIfAbsent(channel(seen.transcript()), key -> new ArrayList<>())
                .add(seen));
        Gaps gaps = new Gaps();
        for (ScriptedCall call : calls) {
            for (int channel = 0; channel < ScriptedCall.CHANNELS; channel++) {
                String key = call.id() + "/" + channel;
                gaps.add(
                        start.plusMillis(call.startTick() * ScriptedCall.TICK_MILLIS),
                        segments.getOrDefault(key, List.of()),
                        outputs.getOrDefault(key, List.of()));
            }
        }
        return gaps;
    }

    private static String channel(Transcript transcript) {
        return transcript.getCallId() + "/" + transcript.getChannel();
    }
}
