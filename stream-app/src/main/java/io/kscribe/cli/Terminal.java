package io.kscribe.cli;

import java.io.Console;
import java.io.IOException;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * What standard output is connected to, as far as it matters for drawing.
 *
 * @param interactive whether a person sees it and lines can be redrawn
 * @param coloured whether colours are welcome
 * @param columns the width now; it may change
 */
record Terminal(boolean interactive, boolean coloured, IntSupplier columns) {

    /** A file, a pipe: nothing to draw on. */
    static final Terminal NONE = new Terminal(false, false, () -> Integer.MAX_VALUE);

    /**
     * Looks at this process's standard output.
     *
     * @param environment honours {@code NO_COLOR} (no-color.org), {@code TERM=dumb} and {@code COLUMNS}
     */
    static Terminal ofStandardOutput(Map<String, String> environment) {
        return isStandardOutput() ? ofTerminal(environment) : NONE;
    }

    /** A terminal with this environment. */
    static Terminal ofTerminal(Map<String, String> environment) {
        if (environment.getOrDefault("TERM", "").equals("dumb")) {
            return NONE;
        }
        boolean coloured = environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(true, coloured, WindowWidth.of(environment));
    }

    /** Asks the shell, since Java only knows about input and output together; where there is no shell, that has to do. */
    @SuppressWarnings("SystemConsoleNull") // that a console can be without a terminal is asked next
    private static boolean isStandardOutput() {
        try {
            return new ProcessBuilder("sh", "-c", "test -t 1")
                            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (IOException noShell) {
            Console console = System.console();
            return console != null && isInteractive(console);
        }
    }

    /** Since Java 22 there can be a console without a terminal; {@code Console.isTerminal()} came with it. */
    private static boolean isInteractive(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException older) {
            return true;
        } catch (ReflectiveOperationException refused) {
            return false;
        }
    }
}
