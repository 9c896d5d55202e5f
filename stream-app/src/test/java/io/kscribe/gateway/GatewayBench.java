package io.kscribe.gateway;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkDeserializer;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.ServiceBench;
import io.kscribe.stream.StreamLimits;
import io.kscribe.web.ApiKeys;
import io.kscribe.web.WebLimits;
import io.kscribe.web.WebServer;
import io.kscribe.web.WebSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A gateway behind a web server on free ports, in front of topics of its own. */
final class GatewayBench implements AutoCloseable {

    private final ServiceBench topics;
    private final TailedTranscripts feed;
    private final Gateway gateway;
    private final WebServer server;

    GatewayBench(ServiceBench topics, GatewaySettings settings) throws IOException {
        this(topics, topics.connection(), settings, ApiKeys.none());
    }

    GatewayBench(ServiceBench topics, KafkaConnection connection, GatewaySettings settings, ApiKeys keys)
            throws IOException {
        this.topics = topics;
        feed = new TailedTranscripts(
                connection, topics.topics().transcripts(), topics.topics().partials());
        gateway = Gateway.start(connection, topics.topics().audio(), settings, StreamLimits.standard(), feed);
        server = WebServer.start(
                new WebSettings(WebSettings.LOOPBACK, 0, null, keys, Set.of(), WebLimits.standard()), List.of(gateway));
    }

    URI uri(String path) {
        return URI.create("ws://localhost:" + server.port() + path);
    }

    Gateway gateway() {
        return gateway;
    }

    long total(GatewayMetrics.Count what) {
        return gateway.metrics().total(what);
    }

    /** The chunks of a channel that are on the topic, in the order of their numbers. */
    List<AudioChunk> chunks(String callId, int channel) {
        return topics.read(topics.topics().audio(), new AudioChunkDeserializer()).stream()
                .map(ConsumerRecord::value)
                .filter(chunk -> chunk.getCallId().equals(callId) && chunk.getChannel() == channel)
                .sorted(Comparator.comparing(AudioChunk::getSequence))
                .toList();
    }

    /** The audio of a channel that is on the topic. */
    byte[] audio(String callId, int channel) {
        ByteArrayOutputStream audio = new ByteArrayOutputStream();
        chunks(callId, channel).forEach(chunk -> {
            byte[] payload = new byte[chunk.getPayload().remaining()];
            chunk.getPayload().duplicate().get(payload);
            audio.writeBytes(payload);
        });
        return audio.toByteArray();
    }

    @Override
    public void close() {
        gateway.close();
        server.close();
        feed.close();
    }
}
