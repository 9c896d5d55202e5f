package io.kscribe.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kscribe.bench.BenchResult.Interval;
import io.kscribe.bench.BenchResult.Moment;
import io.kscribe.evaluation.Latencies;
import io.kscribe.evaluation.LiveScore.Changes;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** Writes a run as one JSON object, for programs: null where nothing was measured. */
public final class BenchJson {
    /** Which percentiles of latencies are reported. */
    public static final List<Integer> PERCENTILES = List.of(50, 90, 95, 99, 100);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private BenchJson() {}

    /** The object, over several lines. */
    public static String json(BenchResult result) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("channels", result.settings().channels());
        json.put("surgeChannels", result.settings().surge());
        json.put("warmUpMillis", result.settings().warmUp().toMillis());
        json.put("durationMillis", result.settings().duration().toMillis());
        json.put("seed", result.settings().seed());
        json.put("model", result.model());
        json.put("talk", rounded(result.talk()));
        json.put("audioSeconds", seconds(result.audio()));
        json.put("wallSeconds", seconds(result.wall()));
        json.put("processors", Runtime.getRuntime().availableProcessors());
        json.put("chunks", result.chunks());
        json.put("audioTopicBytes", result.traffic().audioBytes());
        json.put("changelogBytes", result.traffic().changelogBytes());
        json.put("latestSendMillis", result.latestSend().toMillis());
        json.set("partialLatencyMillis", latencies(result.partial()));
        json.set("finalLatencyMillis", latencies(result.last()));
        json.set("wordShownLatencyMillis", latencies(result.wordShown()));
        json.set("wordStableLatencyMillis", latencies(result.wordStable()));
        json.put("partials", result.partials());
        changes(json, "shownWords", result.shown());
        changes(json, "stableWords", result.stable());
        json.set("finals", finals(result.finals()));
        if (result.realTimeFactor().isPresent()) {
            json.put("realTimeFactor", rounded(result.realTimeFactor().getAsDouble()));
        } else {
            json.putNull("realTimeFactor");
        }
        json.set("processes", processes(result));
        ObjectNode threads = json.putObject("serviceThreadSeconds");
        result.threads().forEach((name, used) -> threads.put(name, seconds(used)));
        json.set("lagChunks", lag(result));
        json.set("moments", moments(result.moments()));
        json.set("intervals", intervals(result.intervals()));
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static ObjectNode latencies(Latencies latencies) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("count", latencies.size());
        for (int percent : PERCENTILES) {
            OptionalLong millis = latencies.percentile(percent);
            String name = percent == 100 ? "max" : "p" + percent;
            if (millis.isPresent()) {
                json.put(name, millis.getAsLong());
            } else {
                json.putNull(name);
            }
        }
        return json;
    }

    private static void changes(ObjectNode json, String name, Changes changes) {
        json.put(name, changes.words());
        json.put(name + "Changed", changes.changed());
    }

    private static ObjectNode finals(Finals finals) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("expected", finals.expected());
        json.put("received", finals.received());
        json.put("lost", finals.lost());
        json.put("doubled", finals.doubled());
        json.put("unexpected", finals.unexpected());
        json.put("compared", finals.compared());
        json.put("changed", finals.changed());
        return json;
    }

    private static ObjectNode processes(BenchResult result) {
        ObjectNode json = MAPPER.createObjectNode();
        result.processorTime().forEach((name, used) -> {
            ObjectNode process = json.putObject(name);
            process.put("processorSeconds", seconds(used));
            process.put(
                    "processors",
                    result.wall().isZero()
                            ? 0
                            : rounded((double) used.toNanos() / result.wall().toNanos()));
            OptionalLong memory = result.mostResidentBytes(name);
            if (memory.isPresent()) {
                process.put("residentBytesMax", memory.getAsLong());
            } else {
                process.putNull("residentBytesMax");
            }
        });
        return json;
    }

    private static ObjectNode lag(BenchResult result) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("medianOfFirstThird", result.medianLag(0, 1 / 3.0));
        json.put("medianOfLastThird", result.medianLag(2 / 3.0, 1));
        json.put("max", result.mostLag());
        return json;
    }

    private static ArrayNode moments(List<Moment> moments) {
        ArrayNode all = MAPPER.createArrayNode();
        for (Moment moment : moments) {
            ObjectNode json = all.addObject();
            json.put("atMillis", moment.at().toMillis());
            json.put("lagChunks", moment.lag());
            ObjectNode processors = json.putObject("processors");
            moment.processors().forEach((name, busy) -> processors.put(name, rounded(busy)));
            ObjectNode memory = json.putObject("residentBytes");
            moment.residentBytes().forEach(memory::put);
        }
        return all;
    }

    private static ArrayNode intervals(List<Interval> intervals) {
        ArrayNode all = MAPPER.createArrayNode();
        for (Interval interval : intervals) {
            ObjectNode json = all.addObject();
            json.put("fromMillis", interval.from().toMillis());
            json.set("partialLatencyMillis", latencies(interval.partial()));
            json.set("finalLatencyMillis", latencies(interval.last()));
        }
        return all;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static double rounded(double value) {
        return Math.round(value * 10_000) / 10_000.0;
    }
}
