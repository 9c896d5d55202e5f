package io.kscribe.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class KscribeHomeTest {

    private static final Path USER_HOME = Path.of("/home/ada").toAbsolutePath();

    @Test
    void shouldPreferTheSystemPropertyThenTheVariable() {
        Properties linux = system("Linux");
        Map<String, String> environment = Map.of("KSCRIBE_HOME", "/srv/kscribe", "XDG_CACHE_HOME", "/var/cache");
        assertThat(KscribeHome.locate(linux, environment)).isEqualTo(absolute("/srv/kscribe"));

        linux.setProperty("kscribe.home", "/opt/models");
        assertThat(KscribeHome.locate(linux, environment)).isEqualTo(absolute("/opt/models"));
    }

    @Test
    void shouldUseTheXdgCacheDirectoryOnLinux() {
        assertThat(KscribeHome.locate(system("Linux"), Map.of("XDG_CACHE_HOME", "/var/cache")))
                .isEqualTo(absolute("/var/cache/kscribe"));
        assertThat(KscribeHome.locate(system("Linux"), Map.of())).isEqualTo(USER_HOME.resolve(".cache/kscribe"));
    }

    @Test
    void shouldIgnoreABlankVariableAndARelativeXdgDirectory() {
        assertThat(KscribeHome.locate(system("Linux"), Map.of("KSCRIBE_HOME", " ", "XDG_CACHE_HOME", "cache")))
                .isEqualTo(USER_HOME.resolve(".cache/kscribe"));
    }

    @Test
    void shouldMakeARelativeHomeAbsolute() {
        assertThat(KscribeHome.locate(system("Linux"), Map.of("KSCRIBE_HOME", "models/../kscribe")))
                .isEqualTo(Path.of("kscribe").toAbsolutePath());
    }

    @Test
    void shouldUseTheLibraryCachesOnMacOs() {
        assertThat(KscribeHome.locate(system("Mac OS X"), Map.of("XDG_CACHE_HOME", "/var/cache")))
                .isEqualTo(USER_HOME.resolve("Library/Caches/kscribe"));
    }

    @Test
    void shouldUseTheLocalApplicationDataOnWindows() {
        assertThat(KscribeHome.locate(system("Windows 11"), Map.of("LOCALAPPDATA", "/data")))
                .isEqualTo(absolute("/data/kscribe"));
        assertThat(KscribeHome.locate(system("Windows 11"), Map.of()))
                .isEqualTo(USER_HOME.resolve("AppData/Local/kscribe"));
    }

    private static Properties system(String name) {
        Properties properties = new Properties();
        properties.setProperty("os.name", name);
        properties.setProperty("user.home", USER_HOME.toString());
        return properties;
    }

    private static Path absolute(String path) {
        return Path.of(path).toAbsolutePath();
    }
}
