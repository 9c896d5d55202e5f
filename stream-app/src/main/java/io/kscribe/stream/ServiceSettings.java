package io.kscribe.stream;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How the service runs.
 *
 * @param applicationId names the consumer group and the internal topics; instances that share it share the calls; default "kscribe"
 * @param stateDirectory where Kafka Streams keeps its files
 * @param streamThreads threads that read, detect speech and write; default 1
 * @param workers threads that decode; default one a processor
 * @param commitInterval how long a final waits for its transaction at most; default 100 ms
 * @param transactionTimeout how long after a crash the broker keeps the crashed instance's open transaction, which holds readers back,
 *     where the others cannot abort it; default 10 s
 */
public record ServiceSettings(
        String applicationId,
        Path stateDirectory,
        int streamThreads,
        int workers,
        Duration commitInterval,
        Duration transactionTimeout) {
    public static final String DEFAULT_APPLICATION_ID = "kscribe";
    public static final Duration DEFAULT_COMMIT_INTERVAL = Duration.ofMillis(100);
    public static final Duration DEFAULT_TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

    public ServiceSettings {
        if (streamThreads < 1 || workers < 1) {
            throw new IllegalArgumentException("The service needs stream threads and workers; it was given "
                    + streamThreads + " and " + workers + ".");
        }
        if (commitInterval.compareTo(transactionTimeout) >= 0) {
            throw new IllegalArgumentException("The commit interval (" + commitInterval.toMillis()
                    + " ms) must be shorter than the transaction timeout (" + transactionTimeout.toMillis() + " ms).");
        }
    }

    /** The defaults on this machine. */
    public static ServiceSettings standard(Path stateDirectory) {
        return new ServiceSettings(
                DEFAULT_APPLICATION_ID,
                stateDirectory,
                1,
                Runtime.getRuntime().availableProcessors(),
                DEFAULT_COMMIT_INTERVAL,
                DEFAULT_TRANSACTION_TIMEOUT);
    }
}
