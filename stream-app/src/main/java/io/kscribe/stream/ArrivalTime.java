package io.kscribe.stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The time stamp that Kafka has for a record, made fit for Kafka Streams, which drops records with a negative one. On kscribe's own topics
 * it is the broker's time; elsewhere a producer's clock may have said anything, so nothing but the {@link Lead} of a channel follows it.
 */
public final class ArrivalTime implements TimestampExtractor {

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        return Math.max(0, record.timestamp());
    }
}
