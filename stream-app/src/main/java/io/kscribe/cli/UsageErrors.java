package io.kscribe.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what was wrong with the way a command was called, what was probably meant, and where to read more. */
final class UsageErrors implements IParameterExceptionHandler {

    @Override
    public int handleParseException(ParameterException mistake, String[] args) {
        CommandLine command = mistake.getCommandLine();
        PrintWriter err = command.getErr();
        if (args.length == 0) {
            command.usage(err);
            return CommandLine.ExitCode.USAGE;
        }
        err.println("kscribe: " + sentence(mistake));
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    /**
     * Makes a value from options; that they are out of range is wrong usage, not a failure.
     *
     * @param command whose options they are
     * @param value throws {@link IllegalArgumentException} with a sentence if the options do not fit
     * @throws ParameterException in that case
     */
    static <T> T valid(CommandSpec command, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException unfit) {
            throw new ParameterException(command.commandLine(), Failures.sentence(unfit), unfit);
        }
    }

    private static String sentence(ParameterException mistake) {
        if (mistake instanceof UnmatchedArgumentException unmatched) {
            String argument = unmatched.getUnmatched().get(0);
            String what = argument.startsWith("-")
                    ? "option"
                    : mistake.getCommandLine().getSubcommands().isEmpty() ? "argument" : "command";
            return "Unknown " + what + " '" + argument + "'" + suggestion(unmatched.getSuggestions());
        }
        return Failures.sentence(new IllegalArgumentException(mistake.getMessage()));
    }

    private static String suggestion(List<String> candidates) {
        return candidates.isEmpty() ? "." : "; did you mean '" + candidates.get(0) + "'?";
    }
}
