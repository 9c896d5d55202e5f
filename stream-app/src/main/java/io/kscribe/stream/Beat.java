package io.kscribe.stream;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A sign of life of an instance of the service, and what Kafka knows the instance by: enough for another to end its affairs.
 *
 * @param instance the instance
 * @param members the ids of its static members of the consumer group, one a stream thread
 * @param transactions the transactional ids of its producers, one a stream thread
 */
record Beat(String instance, Set<String> members, Set<String> transactions) {
    private static final String MEMBER = "member ";
    private static final String TRANSACTION = "transaction ";

    Beat {
        members = Set.copyOf(members);
        transactions = Set.copyOf(transactions);
    }

    /** As a record's value: a line each. The instance is the record's key. */
    String toText() {
        return lines(MEMBER, members) + lines(TRANSACTION, transactions);
    }

    private static String lines(String kind, Set<String> ids) {
        return new TreeSet<>(ids).stream().map(id -> kind + id + "\n").collect(Collectors.joining());
    }

    /** Reads what {@link #toText} wrote; lines of other kinds are a later version's, and nothing to this one. */
    static Beat fromText(String instance, @Nullable String text) {
        return new Beat(instance, ids(MEMBER, text), ids(TRANSACTION, text));
    }

    private static Set<String> ids(String kind, @Nullable String text) {
        return Arrays.stream(text == null ? new String[0] : text.split("\n"))
                .filter(line -> line.startsWith(kind))
                .map(line -> line.substring(kind.length()))
                .collect(Collectors.toSet());
    }
}
