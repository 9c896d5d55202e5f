package io.kscribe.stream;

import org.apache.kafka.common.TopicPartition;

/**
 * What is known of Kafka's side of a partition of the audio topic, so that what has not been read yet is not taken for what was not sent. Asked
 * on the stream thread that reads the partition.
 */
interface Upstream {
    /** A Kafka that always answers and has nothing more to read. */
    Upstream READ = new Upstream() {
        @Override
        public boolean answers() {
            return true;
        }

        @Override
        public boolean isRead(TopicPartition partition, long next) {
            return true;
        }
    };

    /** Whether Kafka can be reached; while it cannot, nobody's silence means anything. */
    boolean answers();

    /**
     * Whether everything that Kafka has was read; no, as long as that is not known. Ask again soon.
     *
     * @param next the offset after the last record that was processed
     */
    boolean isRead(TopicPartition partition, long next);
}
