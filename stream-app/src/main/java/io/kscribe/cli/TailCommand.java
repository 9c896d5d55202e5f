package io.kscribe.cli;

import io.kscribe.stream.Topics;
import io.kscribe.stream.TranscriptTail;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code kscribe tail}: transcripts as they come. */
@Command(
        name = "tail",
        description = {
            "Show transcripts as they come, until Ctrl-C.",
            "On a terminal, what is being spoken is redrawn in place below the finals; dim words may still change. "
                    + "Elsewhere text has finals only, one a line."
        })
final class TailCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Kscribe kscribe;

    @Mixin
    private KafkaOptions kafka;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, or json: one object a line with the fields of the schema. Default: ${DEFAULT-VALUE}.")
    private TranscriptPrinter.Format format;

    @Option(names = "--call", paramLabel = "ID", description = "Show only this call; may be given several times.")
    private Set<String> calls = Set.of();

    @Option(names = "--from-beginning", description = "Begin with the oldest transcripts that Kafka has kept.")
    private boolean fromBeginning;

    @Option(names = "--no-partials", description = "Show finals only.")
    private boolean noPartials;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            defaultValue = Topics.TRANSCRIPTS,
            description = "Topic of finals. Default: ${DEFAULT-VALUE}.")
    private String transcripts;

    @Option(
            names = "--partials-topic",
            paramLabel = "TOPIC",
            defaultValue = Topics.PARTIALS,
            description = "Topic of partials. Default: ${DEFAULT-VALUE}.")
    private String partials;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        TranscriptTail.Start start = fromBeginning ? TranscriptTail.Start.BEGINNING : TranscriptTail.Start.NOW;
        try (Stopping stopping = kscribe.stopping();
                TranscriptPrinter printer = TranscriptPrinter.of(format, out, kscribe.terminal());
                TranscriptTail tail = new TranscriptTail(
                        kafka.connection(),
                        transcripts,
                        printer.wantsPartials() && !noPartials ? partials : null,
                        start)) {
            stopping.by(tail::stop);
            tail.follow(transcript -> {
                if (calls.isEmpty() || calls.contains(transcript.getCallId())) {
                    printer.print(transcript);
                }
                return !out.checkError(); // whoever read our output may have gone
            });
        }
        return CommandLine.ExitCode.OK;
    }
}
