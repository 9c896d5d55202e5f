package io.kscribe.stream;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * One processor by itself, its stores, and a clock that the test moves. A second processor on the same stores is what a restart looks
 * like from inside.
 *
 * @param <K> the keys that the processor takes
 * @param <I> what the processor takes
 * @param <O> what it passes on
 */
final class ProcessorBench<K, I, O> {
    static final String NEXT = "next";
    static final String DEAD_LETTERS = "dead-letters";
    static final Duration STEP = Duration.ofMillis(10);
    static final String TOPIC = "audio";
    static final int PARTITION = 3;

    private final MockProcessorContext<String, O> context = new MockProcessorContext<>(
            new Properties(), new TaskId(0, PARTITION), Path.of("unused").toFile());
    private @Nullable Processor<K, I, String, O> processor;
    private long nowMillis = 1_000_000;
    private long nextOffset;

    ProcessorBench() {
        context.setCurrentSystemTimeMs(nowMillis);
    }

    /** A store as the topology has it, but without a changelog. */
    <V> KeyValueStore<String, V> store(String name, Serde<V> values) {
        KeyValueStore<String, V> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(name), Serdes.String(), values)
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
        return store;
    }

    /** Starts a processor in the place of the one before, if there was one. */
    void start(Processor<K, I, String, O> next) {
        context.scheduledPunctuators().forEach(CapturedPunctuator::cancel);
        if (processor != null) {
            processor.close();
        }
        processor = next;
        next.init(context);
    }

    /** Feeds a record; tells its offset. */
    long process(@Nullable K key, I value) {
        return process(new Record<>(key, value, nowMillis));
    }

    /** Feeds a record; tells its offset. */
    long process(Record<K, I> record) {
        long offset = nextOffset++;
        context.setRecordMetadata(TOPIC, PARTITION, offset);
        if (processor == null) {
            throw new IllegalStateException("no processor was started");
        }
        processor.process(record);
        return offset;
    }

    /** Moves the clock on as if the thread had been held up. */
    void stall(Duration time) {
        nowMillis += time.toMillis();
        context.setCurrentSystemTimeMs(nowMillis);
    }

    /** Moves the clock on in {@linkplain #STEP steps}, as the stream thread looks at it. */
    void advance(Duration time) {
        long until = nowMillis + time.toMillis();
        while (nowMillis < until) {
            nowMillis = Math.min(until, nowMillis + STEP.toMillis());
            context.setCurrentSystemTimeMs(nowMillis);
            for (CapturedPunctuator punctuator : context.scheduledPunctuators()) {
                if (!punctuator.cancelled()) {
                    punctuator.getPunctuator().punctuate(nowMillis);
                }
            }
        }
    }

    long nowMillis() {
        return nowMillis;
    }

    /** What has been passed on. */
    List<O> passed() {
        List<O> passed = new ArrayList<>();
        for (CapturedForward<? extends String, ? extends O> forward : context.forwarded(NEXT)) {
            passed.add(forward.record().value());
        }
        return passed;
    }

    /** A metric of the processor: all its reasons together. */
    long metric(String name) {
        return Metrics.total(context.metrics().metrics(), name);
    }

    void forget() {
        context.resetForwards();
    }

    /** What has been set aside, as {@code offset: reason}. */
    List<String> deadLetters() {
        return context.forwarded(DEAD_LETTERS).stream()
                .map(letter -> header(letter, DeadLetters.OFFSET) + ": " + header(letter, DeadLetters.REASON))
                .toList();
    }

    static String header(CapturedForward<?, ?> letter, String name) {
        return new String(letter.record().headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    List<? extends CapturedForward<?, ?>> deadLetterRecords() {
        return context.forwarded(DEAD_LETTERS);
    }
}
