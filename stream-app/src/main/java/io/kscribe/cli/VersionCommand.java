package io.kscribe.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kscribe version}: what runs here, one component a line. */
@Command(name = "version", description = "Show the versions of kscribe, Java, ONNX Runtime and Kafka.")
final class VersionCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        for (String line : new Versions().getVersion()) {
            out.println(line);
        }
        return 0;
    }
}
