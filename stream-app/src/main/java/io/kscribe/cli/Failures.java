package io.kscribe.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells the user in one sentence why a command failed; the stack trace is for {@code --verbose} or {@code KSCRIBE_DEBUG}. */
final class Failures implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        command.getOut().flush();
        command.getErr().println("kscribe: " + sentence(failure));
        if (debugging(command)) {
            failure.printStackTrace(command.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** What went wrong, for a person. Never empty, always one line. */
    static String sentence(Throwable failure) {
        return text(failure).strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        if (failure instanceof UncheckedIOException && failure.getCause() != null) {
            return text(failure.getCause());
        }
        if (failure instanceof NoSuchFileException) {
            return "There is no file " + message + ".";
        }
        if (failure instanceof AccessDeniedException) {
            return "Not allowed to access " + message + ".";
        }
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            return "Cannot access " + message + ": " + words(failure) + ".";
        }
        if (failure instanceof InterruptedException) {
            return "Interrupted.";
        }
        if (message != null && !message.isBlank() && saysItAll(failure)) {
            return message;
        }
        return "This should not have happened: " + words(failure) + (message == null ? "" : ": " + message)
                + " (--verbose shows where).";
    }

    /** Whether the failure was foreseen, so that its message is a sentence for the user. */
    private static boolean saysItAll(Throwable failure) {
        return failure instanceof IOException
                || failure instanceof IllegalArgumentException
                || failure.getClass().getName().startsWith("io.kscribe.");
    }

    /** {@code NotDirectoryException} -> {@code not directory}. */
    private static String words(Throwable failure) {
        String name = failure.getClass().getSimpleName().replaceFirst("(Exception|Error)$", "");
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private static boolean debugging(CommandLine command) {
        Object root = command.getCommandSpec().root().userObject();
        return (root instanceof Kscribe kscribe && kscribe.verbose()) || isSet(System.getenv("KSCRIBE_DEBUG"));
    }

    private static boolean isSet(@Nullable String variable) {
        return variable != null && !variable.isEmpty();
    }
}
