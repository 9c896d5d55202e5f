package io.kscribe.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
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
        err.println("kscribe: " + sentence(mistake, args));
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

    private static String sentence(ParameterException mistake, String... args) {
        if (mistake instanceof UnmatchedArgumentException unmatched) {
            String argument = unmatched.getUnmatched().get(0);
            String what = argument.startsWith("-")
                    ? "option"
                    : mistake.getCommandLine().getSubcommands().isEmpty() ? "argument" : "command";
            return "Unknown " + what + " '" + argument + "'" + suggestion(unmatched.getSuggestions());
        }
        return Failures.sentence(new IllegalArgumentException(mistake.getMessage())) + origin(mistake, args);
    }

    /** Where a value comes from that is not on the command line. */
    private static String origin(ParameterException mistake, String... args) {
        if (!(mistake.getArgSpec() instanceof OptionSpec option)
                || Stream.of(args).anyMatch(argument -> isOf(option, argument))) {
            return "";
        }
        return Configuration.of(mistake.getCommandLine().getCommandSpec())
                .given(option)
                .map(given -> "; it comes from " + given.origin().phrase() + ".")
                .orElse("");
    }

    private static boolean isOf(OptionSpec option, String argument) {
        return Stream.of(option.names()).anyMatch(name -> argument.equals(name) || argument.startsWith(name + "="));
    }

    private static String suggestion(List<String> candidates) {
        return candidates.isEmpty() ? "." : "; did you mean '" + candidates.get(0) + "'?";
    }
}
