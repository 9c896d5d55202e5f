package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.recognizer.RecognizerSettings;
import io.kscribe.settings.Setting;
import io.kscribe.settings.SettingTree;
import io.kscribe.stream.ServiceSettings;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every setting and its default are pinned, and are in the README as they are.
 *
 * <p>With {@code -Dkscribe.readme=write} the list and the README are put right: the difference that version control shows is to be looked at.
 */
class SettingDefaultsTest {

    private static final boolean WRITE = "write".equals(System.getProperty("kscribe.readme"));
    private static final Path README = Path.of("..", "README.md");
    private static final Path PINNED = Path.of("src", "test", "resources", "io", "kscribe", "cli", "settings.txt");

    private final SettingTree tree = Configuration.none(Kscribe.commandLine(
                    new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), () -> Terminal.NONE))
            .settings()
            .tree();

    @Test
    void shouldBeAsPinned() throws Exception {
        List<String> settings = tree.settings().stream()
                .map(setting -> (setting.key() + " = " + setting.standard() + " " + setting.unit()).strip())
                .toList();
        if (WRITE) {
            Files.write(PINNED, settings);
        }
        assertThat(settings)
                .as("settings; -Dkscribe.readme=write writes %s anew", PINNED)
                .containsExactlyElementsOf(Files.readAllLines(PINNED));
    }

    @Test
    void shouldBeInTheReadme() throws Exception {
        Predicate<Setting> isLimit = setting -> setting.section().equals(LimitOptions.SECTION);
        block(
                "settings",
                Stream.concat(
                        Stream.of("| key | option | variable | default | |", "|---|---|---|---|---|"),
                        tree.settings().stream().filter(isLimit.negate()).map(SettingDefaultsTest::row)));
        block(
                "limits",
                Stream.concat(
                        Stream.of("| limit | default | |", "|---|---|---|"),
                        tree.settings().stream().filter(isLimit).map(SettingDefaultsTest::limit)));
    }

    @Test
    void shouldBeDescribed() {
        assertThat(tree.settings())
                .allSatisfy(setting ->
                        assertThat(setting.description()).as(setting.key()).isNotBlank());
        assertThat(tree.settings())
                .filteredOn(setting ->
                        setting.form() == Setting.Form.NUMBER && !setting.key().endsWith("port"))
                .allSatisfy(
                        setting -> assertThat(setting.unit()).as(setting.key()).isNotBlank());
    }

    @Test
    void shouldHaveNamesOfTheirOwn() {
        assertThat(tree.settings()).extracting(Setting::key).doesNotHaveDuplicates();
        assertThat(tree.settings()).extracting(Setting::variable).doesNotHaveDuplicates();
        assertThat(tree.settings()).extracting(Setting::option).doesNotHaveDuplicates();
    }

    /** Some defaults are said where they are used, too. */
    @Test
    void shouldBeWhatIsDoneWithoutOptions() {
        assertThat(standard("recognition.loudness-floor"))
                .isEqualTo(String.valueOf(Math.round(RecognizerSettings.live().loudnessFloorDbfs())))
                .isEqualTo(
                        String.valueOf(Math.round(RecognizerSettings.offline().loudnessFloorDbfs())));
        assertThat(standard("recognition.strict"))
                .isEqualTo(String.valueOf(RecognizerSettings.live().strict()));
        assertThat(standard("recognition.multilingual"))
                .isEqualTo(String.valueOf(RecognizerSettings.live().multilingual()));
        assertThat(standard("service.commit-interval"))
                .isEqualTo(DurationConverter.text(ServiceSettings.DEFAULT_COMMIT_INTERVAL));
    }

    private String standard(String key) {
        return tree.setting(key).orElseThrow().standard();
    }

    private static String row(Setting setting) {
        return Stream.of(
                        code(setting.key()),
                        code(setting.option()),
                        code(setting.variable()),
                        (code(setting.standard()) + " " + setting.unit()).strip(),
                        setting.description().replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String limit(Setting setting) {
        return Stream.of(code(setting.name()), setting.standard(), setting.description())
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String code(String text) {
        return text.isEmpty() ? "" : "`" + text + "`";
    }

    private static void block(String name, Stream<String> lines) throws Exception {
        String begin = "<!-- " + name + " -->\n";
        String end = "<!-- end of " + name + " -->\n";
        String generated = lines.map(line -> line + "\n").collect(Collectors.joining());
        String readme = Files.readString(README);
        assertThat(readme).containsOnlyOnce(begin).containsOnlyOnce(end);
        int from = readme.indexOf(begin) + begin.length();
        int to = readme.indexOf(end);
        if (WRITE) {
            Files.writeString(README, readme.substring(0, from) + generated + readme.substring(to));
        } else {
            assertThat(readme.substring(from, to))
                    .as("the README's %s; -Dkscribe.readme=write writes them anew", name)
                    .isEqualTo(generated);
        }
    }
}
