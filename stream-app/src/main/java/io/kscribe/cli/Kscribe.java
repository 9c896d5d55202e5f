package io.kscribe.cli;

import io.kscribe.settings.SettingsException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The {@code kscribe} program.
 *
 * <p>Exit status: 0 done, 1 failed (one sentence on standard error), 2 wrong usage, 128 and the signal's number if a signal cut it short
 * (Ctrl-C: 130). {@code serve}, {@code demo} and {@code tail} are not cut short: they run until a signal. Standard output carries results only, in
 * UTF-8 whatever the platform's encoding.
 */
@Command(
        name = "kscribe",
        description = "Live audio on Kafka in, live transcripts on Kafka out.",
        versionProvider = Versions.class,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%n",
        footer = "'kscribe COMMAND --help' explains a command.",
        subcommands = {
            DemoCommand.class,
            TranscribeCommand.class,
            ServeCommand.class,
            PublishCommand.class,
            TailCommand.class,
            EvalCommand.class,
            BenchCommand.class,
            TopicsCommand.class,
            ModelsCommand.class,
            ConfigCommand.class,
            VersionCommand.class
        })
public final class Kscribe implements Runnable {

    /** The option that names a file of settings. */
    static final String CONFIG = "--config";

    /** The variable that names one. */
    static final String CONFIG_VARIABLE = "KSCRIBE_CONFIG";

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("UnusedVariable") // picocli acts on the option
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    private boolean help;

    @SuppressWarnings("UnusedVariable") // picocli acts on the option
    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    private boolean version;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Log more, and show the stack trace of a failure.")
    private boolean verbose;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            defaultValue = "${KSCRIBE_LOG_FORMAT:-text}",
            description = "How the log on standard error is written: text, or json, an object a line. "
                    + "Default: $KSCRIBE_LOG_FORMAT, else text.")
    private Logs.Format logFormat;

    @Option(
            names = CONFIG,
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "A file of settings; 'kscribe config' shows what can be in it. "
                    + "Default: $KSCRIBE_CONFIG, else ./kscribe.yaml if there is one.")
    private @Nullable Path config;

    private final Supplier<Terminal> terminal;

    private Kscribe(Supplier<Terminal> terminal) {
        this.terminal = terminal;
    }

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] args) {
        // Names of hosts, topics and files, and the transcripts themselves, are UTF-8 for whoever reads our output.
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        System.exit(run(out, System.err, () -> Terminal.ofStandardOutput(System.getenv()), System.getenv(), args));
    }

    /**
     * Runs one command.
     *
     * @param out where results go, as UTF-8
     * @param err where messages go, as UTF-8
     * @param terminal what {@code out} is connected to; asked only by commands that draw
     * @param environment what variables say that options do not
     * @param args the command's name, options and parameters
     * @return the exit status
     */
    static int run(
            OutputStream out,
            OutputStream err,
            Supplier<Terminal> terminal,
            Map<String, String> environment,
            String... args) {
        PrintWriter results = new PrintWriter(out, false, StandardCharsets.UTF_8);
        PrintWriter messages = new PrintWriter(err, true, StandardCharsets.UTF_8);
        int status;
        try {
            CommandLine commandLine = commandLine(results, messages, terminal);
            status = commandLine
                    .setDefaultValueProvider(Configuration.read(commandLine, environment, Path.of(""), args))
                    .execute(args);
        } catch (SettingsException | IOException unusable) {
            messages.println("kscribe: " + Failures.sentence(unusable));
            status = CommandLine.ExitCode.USAGE;
        }
        results.flush();
        messages.flush();
        return status;
    }

    static CommandLine commandLine(PrintWriter out, PrintWriter err, Supplier<Terminal> terminal) {
        Kscribe kscribe = new Kscribe(terminal);
        CommandLine commandLine = new CommandLine(kscribe)
                .setOut(out)
                .setErr(err)
                .setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setToggleBooleanFlags(true) // an option that is given is true, whatever is set elsewhere
                .registerConverter(Duration.class, new DurationConverter())
                .setParameterExceptionHandler(new UsageErrors())
                .setExecutionExceptionHandler(new Failures());
        return commandLine
                .setDefaultValueProvider(Configuration.none(commandLine))
                .setExecutionStrategy(kscribe::execute);
    }

    private int execute(CommandLine.ParseResult parsed) {
        Logs.format(logFormat);
        if (verbose) {
            Logs.verbose();
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    boolean verbose() {
        return verbose;
    }

    /** What makes another kscribe read the same file of settings. */
    List<String> configArguments() {
        return config == null ? List.of() : List.of(CONFIG, config.toString());
    }

    /** What standard output is connected to. */
    Terminal terminal() {
        return terminal.get();
    }

    /** What lets a command end in order when it is asked to by a signal. */
    Stopping stopping() {
        return new Stopping(spec.commandLine().getErr(), Runtime.getRuntime()::halt);
    }

    /** Called when no command was named. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "A command is missing.");
    }
}
