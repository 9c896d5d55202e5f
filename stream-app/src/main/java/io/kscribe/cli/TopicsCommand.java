package io.kscribe.cli;

import io.kscribe.stream.TopicAdmin;
import io.kscribe.stream.TopicPlan;
import io.kscribe.stream.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kscribe topics}: creates the topics, or says what is wrong with them. */
@Command(
        name = "topics",
        description = "Create or check the topics that kscribe reads and writes.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n")
final class TopicsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    /** Called when neither create nor check was named. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing: create or check.");
    }

    @Command(name = "create", description = "Create the topics that do not exist; leave the others as they are.")
    int create(@Mixin KafkaOptions kafka, @Mixin PlanOptions plan) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (TopicAdmin admin = new TopicAdmin(kafka.connection())) {
            List<String> created = admin.create(plan.plan());
            for (String topic : plan.plan().topics().names()) {
                out.println((created.contains(topic) ? "created  " : "exists   ") + topic);
            }
        }
        return CommandLine.ExitCode.OK;
    }

    @Command(
            name = "check",
            description = "Compare the topics with what 'create' would make. Exit status 1 if one is missing or unfit.")
    int check(@Mixin KafkaOptions kafka, @Mixin PlanOptions plan) throws IOException, InterruptedException {
        List<String> problems;
        try (TopicAdmin admin = new TopicAdmin(kafka.connection())) {
            problems = admin.check(plan.plan());
        }
        if (problems.isEmpty()) {
            spec.commandLine()
                    .getOut()
                    .println("All topics are fit: "
                            + String.join(", ", Topics.standard().names()) + ".");
            return CommandLine.ExitCode.OK;
        }
        PrintWriter err = spec.commandLine().getErr();
        problems.forEach(problem -> err.println("kscribe: " + problem));
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** The options that say how the topics are to be. */
    static final class PlanOptions {

        @Spec(Spec.Target.MIXEE)
        private CommandSpec command;

        @Option(
                names = "--partitions",
                paramLabel = "N",
                defaultValue = "" + TopicPlan.DEFAULT_PARTITIONS,
                description = "Partitions of each topic: the most stream threads that can share the work. "
                        + "Default: ${DEFAULT-VALUE}.")
        private int partitions;

        @Option(
                names = "--replication",
                paramLabel = "N",
                defaultValue = "0",
                description = "Copies of each partition. Default: " + TopicPlan.SAFE_REPLICATION
                        + " where there are as many brokers, else 1.")
        private short replication;

        TopicPlan plan() {
            return UsageErrors.valid(command, () -> new TopicPlan(Topics.standard(), partitions, replication));
        }
    }
}
