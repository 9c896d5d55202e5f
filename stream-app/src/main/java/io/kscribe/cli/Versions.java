package io.kscribe.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/**
 * The versions of kscribe and of what it stands on.
 *
 * <p>They are read from what the build and Kafka's own build left in the jar, so that asking loads no native library.
 */
final class Versions implements IVersionProvider {

    /** One line a component, kscribe first. */
    @Override
    public String[] getVersion() throws IOException {
        Properties build = properties("/io/kscribe/cli/build.properties");
        return new String[] {
            "kscribe " + build.getProperty("kscribe"),
            "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
            "ONNX Runtime " + build.getProperty("onnxruntime"),
            "Kafka " + properties("/kafka/kafka-version.properties").getProperty("version"),
        };
    }

    private static Properties properties(String resource) throws IOException {
        try (InputStream in = Versions.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException("The jar is incomplete: it has no " + resource + ".");
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties;
        }
    }
}
