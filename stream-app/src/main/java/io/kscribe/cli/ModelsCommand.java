package io.kscribe.cli;

import io.kscribe.compiler.CompiledModel;
import io.kscribe.compiler.GraphCompiler;
import io.kscribe.model.Damage;
import io.kscribe.model.ModelEntry;
import io.kscribe.model.ModelException;
import io.kscribe.model.ModelStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kscribe models}: what is in the model cache, and what could be. */
@Command(
        name = "models",
        description = "List, fetch or verify models and sample recordings.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n")
final class ModelsCommand implements Runnable {

    private static final double BYTES_A_MEGABYTE = 1e6;

    @Spec
    private CommandSpec spec;

    /** Called when no command was named. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing: list, pull or verify.");
    }

    @Command(name = "list", description = "List what kscribe knows by name, and where it is installed.")
    int list() throws ModelException {
        PrintWriter out = spec.commandLine().getOut();
        ModelStore store = ModelOptions.store();
        out.println("home: " + store.home());
        for (ModelEntry entry : store.list()) {
            Path directory = entry.directory();
            out.printf(
                    Locale.ROOT,
                    "%-12s %7.1f MB  %-14s  %s%n",
                    entry.name(),
                    entry.sizeBytes() / BYTES_A_MEGABYTE,
                    entry.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    directory == null ? "not installed (" + entry.source() + ")" : directory);
        }
        return CommandLine.ExitCode.OK;
    }

    @Command(
            name = "pull",
            description = "Fetch models or samples, and compile models, so that later starts are quick.")
    int pull(
            @Parameters(
                            paramLabel = "NAME",
                            arity = "1..*",
                            description = "tiny, base, small, hf:owner/name, or a name from list.")
                    List<String> names)
            throws ModelException {
        ModelStore store = ModelOptions.store();
        for (String name : names) {
            spec.commandLine().getOut().println(store.pull(name));
            if (isCheckpoint(store, name)) {
                spec.commandLine()
                        .getOut()
                        .println(new GraphCompiler(store.home())
                                .compile(store.checkpoint(name))
                                .directory());
            }
        }
        return CommandLine.ExitCode.OK;
    }

    @Command(
            name = "verify",
            description =
                    "Hash installed files and compiled graphs again. Exit status 1 if one is not what was fetched or compiled.")
    int verify(
            @Parameters(paramLabel = "NAME", arity = "0..*", description = "Which. Default: all that is installed.")
                    List<String> names)
            throws ModelException {
        ModelStore store = ModelOptions.store();
        List<String> wanted = names == null || names.isEmpty()
                ? store.list().stream()
                        .filter(ModelEntry::installed)
                        .map(ModelEntry::name)
                        .toList()
                : names;
        boolean whole = true;
        for (String name : wanted) {
            List<Damage> damages = store.verify(name);
            whole &= report(damages, name);
            if (damages.isEmpty() && isCheckpoint(store, name)) {
                for (CompiledModel model : new GraphCompiler(store.home()).compiled(store.checkpoint(name))) {
                    boolean asCompiled = report(model.verify(), "compiled " + model.directory());
                    if (!asCompiled) {
                        spec.commandLine()
                                .getErr()
                                .println("kscribe: delete " + model.directory() + ", it will be compiled again");
                    }
                    whole &= asCompiled;
                    model.summary().forEach(line -> spec.commandLine().getOut().println("    " + line));
                }
            }
        }
        return whole ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private boolean report(List<Damage> damages, String what) {
        damages.forEach(damage -> spec.commandLine().getErr().println("kscribe: " + damage));
        spec.commandLine().getOut().println((damages.isEmpty() ? "whole    " : "damaged  ") + what);
        return damages.isEmpty();
    }

    private static boolean isCheckpoint(ModelStore store, String name) throws ModelException {
        return store.list().stream()
                .noneMatch(entry -> entry.name().equals(name) && entry.kind() != ModelEntry.Kind.CHECKPOINT);
    }
}
