package io.kscribe.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
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
