package io.kscribe.stream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.common.metrics.stats.Value;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * What a task counts, in Kafka Streams' own registry, so that whatever reads Kafka's metrics (JMX: {@code kafka.streams:type=kscribe-flow})
 * has these too. Each metric has the tag {@code task-id}; some have a {@code reason}. Belongs to a stream thread.
 */
final class FlowMetrics implements AutoCloseable {
    /** The group of all of them. */
    static final String GROUP = "kscribe-flow";

    /** What is counted. */
    enum Count {
        CHUNKS("chunks that were passed on in their order"),
        DEAD_LETTERS("records that went to the dead letters"),
        DUPLICATES("chunks that came again and were dropped"),
        GAPS("times that missing chunks were given up"),
        MISSING_CHUNKS("chunks that were given up"),
        REORDER_WAITS("chunks that came early and waited for those before them"),
        ENDS("channels that ended"),
        OVERDUE_AUDIO("times that a channel had to wait for the workers"),
        PARTIALS_LEFT_OUT("partials that were left out because the workers had too much to do"),
        PARTIALS_FAILED("partials that could not be decoded"),
        AUDIO_MILLIS("milliseconds of audio that were heard"),
        TAKEN_BACK("segments that turned out to be no speech after they had been shown");

        private final String description;

        Count(String description) {
            this.description = description;
        }

        String description() {
            return description;
        }

        /** The reasons by which it is counted; an empty one if there are none. */
        List<String> reasons() {
            return switch (this) {
                case DEAD_LETTERS ->
                    Stream.of(Fault.Reason.values()).map(Fault.Reason::code).toList();
                case ENDS -> Stream.of(End.values()).map(End::code).toList();
                default -> List.of("");
            };
        }

        /** The metric's name, for instance {@code dead-letters-total}. */
        String metric() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-') + "-total";
        }
    }

    /** How a channel can end; each is a value of the {@code reason} tag of the metric {@code ends-total}. */
    enum End {
        /** Its last chunk says so. */
        STREAM,
        /** Nothing came for too long. */
        TIMEOUT,
        /** Too many calls are open. */
        OPEN_CALLS,
        /** It has brought far more audio than time. */
        LEAD;

        /** The form in metrics, for instance {@code open-calls}. */
        String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What is measured. */
    enum Level {
        OPEN_CALLS("calls that are open"),
        OPEN_CHANNELS("channels that are open"),
        WAITING_CHUNKS("chunks that wait for those before them");

        private final String description;

        Level(String description) {
            this.description = description;
        }

        String description() {
            return description;
        }

        /** The metric's name, for instance {@code open-calls}. */
        String metric() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final StreamsMetrics registry;
    private final String task;
    private final String processor;
    private final Map<String, Sensor> sensors = new LinkedHashMap<>();

    /**
     * Makes the metrics of one processor of one task.
     *
     * @param processor its name, so that two processors of a task can count the same
     */
    FlowMetrics(ProcessorContext<?, ?> context, String processor) {
        this.registry = context.metrics();
        this.task = context.taskId().toString();
        this.processor = processor;
    }

    void count(Count what) {
        add(what, "", 1);
    }

    void count(Count what, String reason) {
        add(what, reason, 1);
    }

    void count(Count what, long number) {
        add(what, "", number);
    }

    private void add(Count what, String reason, long number) {
        String key = what + " " + reason;
        Sensor sensor = sensors.get(key);
        if (sensor == null) {
            sensor = sensor(key);
            sensor.add(name(what.metric(), sentence(what.description), reason), new CumulativeSum());
            sensors.put(key, sensor);
        }
        sensor.record((double) number);
    }

    void set(Level what, long value) {
        Sensor sensor = sensors.get(what.name());
        if (sensor == null) {
            sensor = sensor(what.name());
            sensor.add(name(what.metric(), sentence(what.description), ""), new Value());
            sensors.put(what.name(), sensor);
        }
        sensor.record((double) value);
    }

    private Sensor sensor(String name) {
        return registry.addSensor("kscribe " + task + " " + processor + " " + name, Sensor.RecordingLevel.INFO);
    }

    static String sentence(String description) {
        return Character.toUpperCase(description.charAt(0)) + description.substring(1) + ".";
    }

    private MetricName name(String metric, String description, String reason) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("task-id", task);
        tags.put("processor", processor);
        if (!reason.isEmpty()) {
            tags.put("reason", reason);
        }
        return new MetricName(metric, GROUP, description, tags);
    }

    /** Takes the metrics out of the registry: the task goes elsewhere. */
    @Override
    public void close() {
        List<Sensor> all = new ArrayList<>(sensors.values());
        sensors.clear();
        all.forEach(registry::removeSensor);
    }
}
