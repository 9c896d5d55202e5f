package io.kscribe.engine;

import ai.onnxruntime.OrtSession;
import io.kscribe.model.AtomicDirectory;
import io.kscribe.model.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Keeps ONNX Runtime's native libraries unpacked in kscribe's own directory.
 *
 * <p>Left to itself ONNX Runtime unpacks them into a temporary directory at every start, and a process that is killed leaves its 25 MB there.
 */
public final class NativeLibraries {
    /** Where ONNX Runtime looks for its libraries before it unpacks them. */
    static final String PATH_PROPERTY = "onnxruntime.native.path";

    private static final List<String> NAMES = List.of("onnxruntime", "onnxruntime4j_jni");

    /** What computes on a GPU, in a kscribe that was built for one. */
    private static final List<String> NAMES_FOR_GPU =
            List.of("onnxruntime_providers_shared", "onnxruntime_providers_cuda");

    private NativeLibraries() {}

    /**
     * Makes ONNX Runtime load its libraries from a directory {@code native}, where they are unpacked if they are not there yet. Without effect
     * if its property {@value #PATH_PROPERTY} is set, if there are no libraries for this platform, or if ONNX Runtime is loaded already.
     *
     * @param home kscribe's directory
     * @throws ModelException if they cannot be written
     */
    public static void keepIn(Path home) throws ModelException {
        if (System.getProperty(PATH_PROPERTY) != null) {
            return;
        }
        Path parent = home.resolve("native");
        try {
            unpack(parent).ifPresent(directory -> System.setProperty(PATH_PROPERTY, directory.toString()));
        } catch (IOException e) {
            throw new ModelException("ONNX Runtime cannot be unpacked to " + parent + ": " + e.getMessage(), e);
        }
    }

    /** Unpacks the libraries of this platform into a directory named after what they are. */
    static Optional<Path> unpack(Path parent) throws IOException {
        String folder = "/ai/onnxruntime/native/" + platform() + "/";
        StringBuilder directory = new StringBuilder("onnxruntime-").append(platform());
        for (String name : NAMES) {
            URL library = OrtSession.class.getResource(folder + System.mapLibraryName(name));
            if (library == null) {
                return Optional.empty();
            }
            directory.append('-').append(checksum(library));
        }
        List<String> names = new ArrayList<>(NAMES);
        NAMES_FOR_GPU.stream()
                .filter(name -> OrtSession.class.getResource(folder + System.mapLibraryName(name)) != null)
                .forEach(names::add);
        return Optional.of(AtomicDirectory.install(parent.resolve(directory.toString()), partial -> {
            for (String name : names) {
                String file = System.mapLibraryName(name);
                try (InputStream library = OrtSession.class.getResourceAsStream(folder + file)) {
                    if (library == null) {
                        throw new IOException(folder + file + " has gone from the class path");
                    }
                    Files.copy(library, partial.resolve(file));
                }
            }
        }));
    }

    private static String checksum(URL library) throws IOException {
        URLConnection connection = library.openConnection();
        return connection instanceof JarURLConnection jar
                ? Long.toHexString(jar.getJarEntry().getCrc())
                : Long.toHexString(connection.getContentLengthLong());
    }

    /** As ONNX Runtime names them: {@code linux-x64}, {@code osx-aarch64}. */
    private static String platform() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return (system.contains("mac") ? "osx" : system.contains("win") ? "win" : "linux")
                + (processor.equals("aarch64") || processor.equals("arm64") ? "-aarch64" : "-x64");
    }
}
