package io.kscribe.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells which instances of the service have died, from the order of everybody's beats on one partition alone.
 *
 * <p>A peer is dead when so many beats of our own have come back and none of its between them. No clock is asked: while Kafka is away,
 * or we are stopped, nobody's beats come and nobody is suspected; afterwards the others have as much time to be heard as we have.
 */
final class Peers {
    private final String own;
    private final int patience;
    private final Map<String, Peer> peers = new HashMap<>();

    private static final class Peer {
        private Beat last;
        private int missed;

        private Peer(Beat last) {
            this.last = last;
        }
    }

    /**
     * Knows nobody yet.
     *
     * @param own our own instance
     * @param patience how many beats a peer must miss
     */
    Peers(String own, int patience) {
        this.own = own;
        this.patience = patience;
    }

    /**
     * Takes the next beat on the partition.
     *
     * @return the last beats of those that have died; each is told once, unless it is heard of again
     */
    List<Beat> heard(Beat beat) {
        if (!beat.instance().equals(own)) {
            Peer peer = peers.computeIfAbsent(beat.instance(), instance -> new Peer(beat));
            peer.last = beat;
            peer.missed = 0;
            return List.of();
        }
        List<Beat> dead = new ArrayList<>();
        for (Peer peer : peers.values()) {
            if (++peer.missed >= patience) {
                dead.add(peer.last);
            }
        }
        dead.forEach(last -> peers.remove(last.instance()));
        return dead;
    }

    /** An instance has left in order. */
    void left(String instance) {
        peers.remove(instance);
    }
}
