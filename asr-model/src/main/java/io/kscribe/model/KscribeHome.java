package io.kscribe.model;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Finds the directory where kscribe keeps what it downloads and compiles. First of: the system property {@value
 * #PROPERTY}, the environment variable {@value #VARIABLE}, {@code kscribe} in the platform's cache directory
 * ({@code XDG_CACHE_HOME} or {@code ~/.cache} by the XDG base directory specification, {@code ~/Library/Caches} on
 * macOS, {@code %LOCALAPPDATA%} on Windows). Everything in it can be fetched or made again.
 */
public final class KscribeHome {

    /** The environment variable that names the directory. */
    public static final String VARIABLE = "KSCRIBE_HOME";

    /** The system property that names the directory, before the environment. */
    public static final String PROPERTY = "kscribe.home";

    private static final String DIRECTORY = "kscribe";

    private KscribeHome() {}

    /** The absolute directory for this process; it need not exist yet. */
    public static Path locate() {
        return locate(System.getProperties(), System.getenv());
    }

    static Path locate(Properties properties, Map<String, String> environment) {
        return text(properties.getProperty(PROPERTY))
                .or(() -> text(environment.get(VARIABLE)))
                .map(Path::of)
                .orElseGet(() -> platformCache(properties, environment).resolve(DIRECTORY))
                .toAbsolutePath()
                .normalize();
    }

    private static Path platformCache(Properties properties, Map<String, String> environment) {
        Path userHome = Path.of(properties.getProperty("user.home", ""));
        String system = properties.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            return text(environment.get("LOCALAPPDATA"))
                    .map(Path::of)
                    .orElse(userHome.resolve("AppData").resolve("Local"));
        }
        if (system.startsWith("mac")) {
            return userHome.resolve("Library").resolve("Caches");
        }
        return text(environment.get("XDG_CACHE_HOME"))
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElse(userHome.resolve(".cache"));
    }

    private static Optional<String> text(@Nullable String value) {
        return Optional.ofNullable(value).filter(text -> !text.isBlank());
    }
}
