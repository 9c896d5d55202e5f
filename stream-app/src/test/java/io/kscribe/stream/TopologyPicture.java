package io.kscribe.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyDescription.Source;

/** Draws a topology as a Mermaid flow chart: topics, processors, stores, and what goes from one to the other. */
final class TopologyPicture {
    private final Set<String> shapes = new TreeSet<>();
    private final Set<String> edges = new TreeSet<>();

    private TopologyPicture() {}

    static String of(TopologyDescription topology) {
        TopologyPicture picture = new TopologyPicture();
        topology.subtopologies().forEach(sub -> sub.nodes().forEach(picture::add));
        List<String> lines = new ArrayList<>(List.of("flowchart LR"));
        picture.shapes.forEach(shape -> lines.add("    " + shape));
        picture.edges.forEach(edge -> lines.add("    " + edge));
        return String.join("\n", lines) + "\n";
    }

    private void add(Node node) {
        for (Map.Entry<String, String> from : places(node).entrySet()) {
            shapes.add(from.getValue());
            for (Node next : node.successors()) {
                places(next).keySet().forEach(to -> edges.add(from.getKey() + " --> " + to));
            }
        }
        if (node instanceof Processor processor) {
            for (String store : processor.stores()) {
                shapes.add(id(store) + "[(" + store + ")]");
                edges.add(id(processor.name()) + " <-.-> " + id(store));
            }
        }
    }

    /** Where a node is in the picture, with its shape: a source or a sink is its topic. */
    private static Map<String, String> places(Node node) {
        Map<String, String> places = new TreeMap<>();
        if (node instanceof Source source) {
            source.topicSet().forEach(topic -> places.put(topicId(topic), topicShape(topic)));
        } else if (node instanceof Sink sink) {
            places.put(topicId(sink.topic()), topicShape(sink.topic()));
        } else {
            places.put(id(node.name()), id(node.name()) + "[" + node.name() + "]");
        }
        return places;
    }

    private static String topicShape(String topic) {
        return topicId(topic) + ">" + topic + "]";
    }

    private static String topicId(String topic) {
        return id("topic-" + topic);
    }

    private static String id(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_");
    }
}
