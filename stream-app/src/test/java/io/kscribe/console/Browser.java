package io.kscribe.console;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The system's Chromium, without a window, and a page in it that takes down what goes wrong. */
final class Browser implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser browser;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();

    private Browser(Playwright playwright, com.microsoft.playwright.Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
        page = another();
    }

    /** Another page. */
    Page another() {
        Page another = browser.newPage(new com.microsoft.playwright.Browser.NewPageOptions()
                .setViewportSize(1280, 720)
                .setPermissions(List.of("microphone")));
        another.onPageError(complaints::add);
        another.onConsoleMessage(message -> {
            if (List.of("error", "warning").contains(message.type())) {
                complaints.add(message.text());
            }
        });
        return another;
    }

    /**
     * Opens a browser, or skips the test with a notice if there is none on this machine.
     *
     * @param microphone the recording that its microphone hears, over and over
     */
    static Browser open(Path microphone) {
        Optional<Path> chromium = onPath(NAMES);
        Optional<Path> node = onPath(List.of("node"));
        if (chromium.isEmpty() || node.isEmpty()) {
            String notice =
                    "The page is NOT tested in a browser: neither Chromium nor Chrome, or no Node.js, is on the PATH.";
            System.err.println(notice);
            Assumptions.abort(notice);
        }
        Playwright playwright = Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of(
                        "PLAYWRIGHT_NODEJS_PATH",
                        node.orElseThrow().toString(),
                        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                        "1")));
        return new Browser(
                playwright,
                playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(chromium.orElseThrow())
                                .setArgs(List.of(
                                        "--no-sandbox",
                                        "--use-fake-device-for-media-stream",
                                        "--use-fake-ui-for-media-stream",
                                        "--use-file-for-fake-audio-capture=" + microphone))));
    }

    private static Optional<Path> onPath(List<String> names) {
        return names.stream()
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Page page() {
        return page;
    }

    /** Errors and warnings of the page, among them what its security policy refuses. */
    List<String> complaints() {
        return complaints;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
