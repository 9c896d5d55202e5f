package io.kscribe.faults;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a run is to be like, from system properties; all that is random in it follows from the seed.
 *
 * @param seed {@code faults.seed}; by default one that stops an instance in order and kills one, or another each time if there are to be
 *     more kills
 * @param kills {@code faults.kills}: how often an instance is killed; stops, pauses and the broker's faults come on top; default 1
 * @param rolling {@code faults.rolling}: whether one instance after the other is restarted at the end; default false
 * @param services {@code faults.services}: instances of the service; default 2
 * @param calls {@code faults.calls}: calls at a time, of two channels each; default 2
 * @param manifests {@code faults.manifests}: files that list recordings to be spoken, separated by commas; by default the samples
 * @param directory {@code faults.directory}: a new directory in which the logs of all processes stay; by default one that is deleted
 */
record FaultSettings(
        long seed,
        int kills,
        boolean rolling,
        int services,
        int calls,
        List<Path> manifests,
        Optional<Path> directory) {
    private static final long SHORT_SEED = 304;

    FaultSettings {
        if (kills < 1 || services < 2 || calls < 1) {
            throw new IllegalArgumentException("A run needs kills, two services and calls; it was given " + kills + ", "
                    + services + " and " + calls + ".");
        }
        manifests = List.copyOf(manifests);
    }

    static FaultSettings fromProperties() {
        int kills = Integer.getInteger("faults.kills", 1);
        return new FaultSettings(
                Long.getLong("faults.seed", kills == 1 ? SHORT_SEED : System.nanoTime() & 0xffff_ffffL),
                kills,
                Boolean.getBoolean("faults.rolling"),
                Integer.getInteger("faults.services", 2),
                Integer.getInteger("faults.calls", 2),
                Arrays.stream(System.getProperty("faults.manifests", "").split(","))
                        .filter(name -> !name.isBlank())
                        .map(Path::of)
                        .toList(),
                Optional.ofNullable(System.getProperty("faults.directory")).map(Path::of));
    }

    /** The command that does the same again. */
    String command() {
        return "mvn -Pfaults verify -Dfaults.seed=" + seed + " -Dfaults.kills=" + kills + " -Dfaults.rolling=" + rolling
                + " -Dfaults.services=" + services + " -Dfaults.calls=" + calls
                + (manifests.isEmpty() ? "" : " -Dfaults.manifests=...");
    }
}
