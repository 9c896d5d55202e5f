package io.kscribe.faults;

import io.kscribe.broker.BrokerException;
import io.kscribe.broker.EmbeddedBroker;
import io.kscribe.broker.OrdinaryBroker;
import io.kscribe.faults.Fault.Kind;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.ServiceSettings;
import io.kscribe.stream.SteadyClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupState;

/**
 * A broker and instances of the service, all in processes of their own, and what is done to them.
 *
 * <p>What is done, to whom and after what pause is drawn from the seed, one draw after the other, and so are the calls; the clock decides
 * nothing but when a draw's turn comes.
 */
final class FaultRun implements AutoCloseable {
    private static final int SHORTEST_PAUSE_MILLIS = 1500;
    private static final int LONGEST_PAUSE_MILLIS = 5000;
    private static final int LONGEST_ABSENCE_MILLIS = 2500;
    private static final int LONGEST_STOP_MILLIS = 7000;
    private static final Duration STABLE_LIMIT = Duration.ofSeconds(60);
    private static final Duration PROBE = Duration.ofMillis(200);

    private final Random random;
    private final Path directory;
    private final SteadyClock clock;
    private EmbeddedBroker broker;
    private final String bootstrapServers;
    private final List<Instance> instances = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();

    /** What the group has ever known an instance by: another name at each start. */
    private final Set<String> names = new HashSet<>();

    private int starts;
    private int disorderlyStops;

    FaultRun(FaultSettings settings, Path directory, SteadyClock clock) throws BrokerException {
        this.random = new Random(settings.seed());
        this.directory = directory;
        this.clock = clock;
        this.broker = OrdinaryBroker.start(directory.resolve("broker"), 0);
        this.bootstrapServers = broker.bootstrapServers();
        for (int i = 0; i < settings.services(); i++) {
            instances.add(new Instance(
                    i, bootstrapServers, directory, settings.directory().isPresent()));
        }
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    List<Fault> faults() {
        return List.copyOf(faults);
    }

    /** How many instances did not end in order when asked to: had to be killed, or ended with another status than 0. */
    int disorderlyStops() {
        return disorderlyStops;
    }

    void startInstances() throws IOException, InterruptedException {
        for (Instance instance : instances) {
            start(instance);
        }
        awaitStable();
    }

    /** Does all kinds of harm until instances have been killed so often. */
    void harm(int kills) throws IOException, InterruptedException, BrokerException {
        for (int killed = 0; killed < kills; ) {
            pause(between(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS));
            Kind kind = Kind.drawn(random.nextInt(10));
            Instance victim = instances.get(random.nextInt(instances.size()));
            int absence = between(0, LONGEST_ABSENCE_MILLIS);
            switch (kind) {
                case KILL -> {
                    killed++;
                    note(kind, victim + " is killed");
                    victim.kill();
                    comeBack(victim, absence);
                }
                case STOP -> {
                    note(kind, victim + " is stopped");
                    stop(victim);
                    comeBack(victim, absence);
                }
                case PAUSE -> {
                    int length = between(SHORTEST_PAUSE_MILLIS, LONGEST_STOP_MILLIS);
                    note(kind, victim + " is paused for " + length + " ms");
                    victim.pause();
                    pause(length);
                    victim.resume();
                }
                case BROKER -> {
                    boolean orderly = random.nextBoolean();
                    note(kind, "the broker is " + (orderly ? "stopped" : "killed"));
                    if (orderly) {
                        broker.close();
                    } else {
                        broker.process().destroyForcibly();
                        broker.process().onExit().join();
                    }
                    pause(absence);
                    broker = OrdinaryBroker.start(directory.resolve("broker"), port());
                }
                default -> throw new IllegalStateException(kind + " is not drawn");
            }
            awaitStable();
        }
    }

    /** Stops and starts one instance after the other. */
    void restartAll() throws IOException, InterruptedException {
        for (Instance instance : instances) {
            pause(LONGEST_PAUSE_MILLIS);
            note(Kind.ROLLING_RESTART, instance + " is restarted");
            stop(instance);
            start(instance);
            awaitStable();
        }
        pause(LONGEST_PAUSE_MILLIS);
    }

    private void stop(Instance instance) throws InterruptedException {
        if (!instance.stop()) {
            disorderlyStops++;
        }
    }

    private void comeBack(Instance instance, int absenceMillis) throws IOException, InterruptedException {
        pause(absenceMillis);
        note(Kind.START, instance + " is started");
        start(instance);
    }

    private void start(Instance instance) throws IOException {
        instance.start();
        starts++;
    }

    private void note(Kind kind, String what) {
        Fault fault = new Fault(kind, what, clock.instant());
        faults.add(fault);
        System.out.println(fault.at() + " " + what);
    }

    private int port() {
        return Integer.parseInt(bootstrapServers.substring(bootstrapServers.lastIndexOf(':') + 1));
    }

    private int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    private static void pause(int millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }

    /** Waits until all instances share the calls: those that run, and not one that was killed and that the group has not missed yet. */
    private void awaitStable() throws InterruptedException {
        long deadline = System.nanoTime() + STABLE_LIMIT.toNanos();
        try (Admin admin = KafkaConnection.to(bootstrapServers).admin()) {
            while (!stable(admin)) {
                for (Instance instance : instances) {
                    if (!instance.alive()) {
                        throw new IllegalStateException(instance + " has ended by itself; see its log");
                    }
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("the instances do not share the calls after " + STABLE_LIMIT);
                }
                TimeUnit.NANOSECONDS.sleep(PROBE.toNanos());
            }
        }
    }

    private boolean stable(Admin admin) throws InterruptedException {
        String group = ServiceSettings.DEFAULT_APPLICATION_ID;
        try {
            Map<String, ConsumerGroupDescription> groups =
                    admin.describeConsumerGroups(List.of(group)).all().get();
            ConsumerGroupDescription description = groups.get(group);
            if (description == null || description.groupState() != GroupState.STABLE) {
                return false;
            }
            Set<String> members = description.members().stream()
                    .flatMap(member -> member.groupInstanceId().stream())
                    .map(id -> id.substring(0, id.lastIndexOf('-'))) // the stream thread's number
                    .collect(Collectors.toSet());
            names.addAll(members);
            return members.size() == instances.size() && names.size() == starts;
        } catch (ExecutionException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        for (Instance instance : instances) {
            if (instance.alive()) {
                instance.kill();
            }
        }
        broker.close();
    }
}
