package io.kscribe.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.JSHandle;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.kscribe.broker.InProcessBroker;
import io.kscribe.console.ScriptedCall.Turn;
import io.kscribe.gateway.Gateway;
import io.kscribe.gateway.GatewaySettings;
import io.kscribe.gateway.TailedTranscripts;
import io.kscribe.model.ConsoleProgress;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelStore;
import io.kscribe.model.Sample;
import io.kscribe.stream.ServiceBench;
import io.kscribe.stream.StreamLimits;
import io.kscribe.stream.TranscriptionService;
import io.kscribe.web.WebServer;
import io.kscribe.web.WebSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, before a real service: from the microphone through the gateway and Kafka back to the page. */
class ConsoleIT {
    private static final double PATIENCE_MILLIS = 40_000;
    private static final Path PICTURES = Path.of("target", "screenshots");

    @TempDir
    private static Path directory;

    private static Path kennedy;
    private static InProcessBroker broker;
    private static ServiceBench bench;
    private static TranscriptionService service;
    private static TailedTranscripts transcripts;
    private static Gateway gateway;
    private static Console console;
    private static WebServer server;

    @BeforeAll
    static void start() throws Exception {
        kennedy = new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError()).sample(Sample.KENNEDY);
        broker = InProcessBroker.start();
        bench = new ServiceBench(broker.bootstrapServers(), "console");
        service = bench.service(directory);
        service.awaitRunning(Duration.ofMinutes(1));
        transcripts = new TailedTranscripts(
                bench.connection(), bench.topics().transcripts(), bench.topics().partials());
        gateway = Gateway.start(
                bench.connection(),
                bench.topics().audio(),
                GatewaySettings.standard(),
                StreamLimits.standard(),
                transcripts);
        console = Console.start(bench.connection(), bench.topics(), ConsoleLimits.standard());
        server = WebServer.start(WebSettings.local(0), List.of(gateway, console));
        Files.createDirectories(PICTURES);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        console.close();
        server.close();
        transcripts.close();
        service.close();
        bench.close();
        broker.close();
    }

    @Test
    void shouldShowARecordingAsItIsSpokenAndKeepIt() {
        try (Browser browser = Browser.open(kennedy)) {
            Page page = browser.page();
            page.navigate(server.address().toString());
            assertThat(page.locator("#connection")).hasText("live");

            page.setInputFiles("#file", kennedy);

            Locator words = page.locator("#score .word");
            soon(words.filter(saying("fellow")).first()).isVisible();
            Locator forming = page.locator("#score .word.forming");
            soon(forming.first()).isVisible();
            // This page cannot be reloaded without breaking the call off; another one comes in the middle and is.
            Page watcher = browser.another();
            watcher.navigate(page.url());
            watcher.reload();
            soon(watcher.locator("#score .word").filter(saying("fellow")).first())
                    .isVisible();
            soon(words.filter(saying("country")).nth(1)).isVisible();
            soon(forming).hasCount(0);
            soon(page.locator("#call-facts")).containsText("finished");
            assertThat(page.locator("#length")).hasText(Pattern.compile("0:1[0-3]"));
            assertThat(page.locator("#score .strip .speech").first()).hasAttribute("d", Pattern.compile("M.+"));

            page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve("light.png")));
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
            page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve("dark.png")));
            page.setViewportSize(390, 780);
            page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve("narrow.png")));
            page.setViewportSize(1280, 720);

            page.keyboard().press("/");
            page.keyboard().type("fellow");
            soon(page.locator("#found")).containsText("1");
            for (String format : List.of("text", "srt", "vtt", "json")) {
                String file =
                        page.locator("#export a[data-format=" + format + "]").getAttribute("href");
                String url = server.address().resolve("/").resolve(file).toString();
                assertThat(page.request().get(url).text()).as(format).containsIgnoringCase("fellow");
            }
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void shouldHearARecordingThatIsDroppedOnIt() throws Exception {
        try (Browser browser = Browser.open(kennedy)) {
            Page page = browser.page();
            page.navigate(server.address().toString());
            JSHandle carried =
                    page.evaluateHandle("""
                    base64 => {
                        const carried = new DataTransfer();
                        const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
                        carried.items.add(new File([bytes], 'dropped.flac', {type: 'audio/flac'}));
                        return carried;
                    }""", Base64.getEncoder().encodeToString(Files.readAllBytes(kennedy)));

            page.dispatchEvent("body", "dragenter", Map.of("dataTransfer", carried));
            assertThat(page.locator("#drop")).isVisible();
            page.dispatchEvent("body", "drop", Map.of("dataTransfer", carried));

            assertThat(page.locator("#drop")).isHidden();
            soon(page.locator("#score .word").filter(saying("country")).nth(1)).isVisible();
            soon(page.locator("#call-facts")).containsText("finished");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** Reports how long the page was busy at a time: 50 calls on which both people speak at once, for ten seconds. */
    @Test
    void shouldKeepUpWithFiftyCalls(TestReporter reporter) throws Exception {
        String sentence =
                "I would like to know where my parcel is, please, since it should have come on Monday last week.";
        List<ScriptedCall> calls = new ArrayList<>();
        Instant started = Instant.now();
        for (int i = 0; i < 50; i++) {
            calls.add(new ScriptedCall(
                    "call-" + i,
                    started,
                    Map.of("queue", "returns"),
                    List.of(new Turn(0, 200, sentence), new Turn(1, 400 + 20 * i, sentence))));
        }
        try (Desk desk = new Desk(ConsoleLimits.standard(), 0);
                Browser browser = Browser.open(kennedy)) {
            Page page = browser.page();
            page.navigate(desk.at("/").toString());
            assertThat(page.locator("#connection")).hasText("live");
            page.evaluate("""
                    () => {
                        window.frames_ = [];
                        let last = performance.now();
                        const next = now => { window.frames_.push(now - last); last = now; requestAnimationFrame(next); };
                        requestAnimationFrame(next);
                    }""");
            for (int millis = 100; millis <= 10_000; millis += 100) {
                long due = started.toEpochMilli() + millis;
                TimeUnit.MILLISECONDS.sleep(Math.max(0, due - System.currentTimeMillis()));
                for (ScriptedCall call : calls) {
                    call.playTo(millis, desk.hub());
                }
            }

            soon(page.locator("#cards .card-title")).hasCount(50);
            assertThat(page.locator("#welcome h2")).hasText("Choose a call");
            reporter.publishEntry(
                    "milliseconds from frame to frame, p50 p95 p99 max", String.valueOf(page.evaluate("""
                            () => {
                                const all = window.frames_.sort((a, b) => a - b);
                                return [0.5, 0.95, 0.99, 1].map(
                                    share => Math.round(all[Math.min(all.length - 1, Math.floor(share * all.length))]));
                            }""")));
            page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve("fifty.png")));
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void shouldHearTheMicrophone() {
        try (Browser browser = Browser.open(kennedy)) {
            Page page = browser.page();
            page.navigate(server.address().toString());

            page.locator("#microphone").focus();
            page.keyboard().press("Enter");

            soon(page.locator("#score .word").filter(saying("country")).first()).isVisible();
            assertThat(page.locator("#sending")).isVisible();
            page.locator("#sending .stop").click();
            soon(page.locator("#sending")).isHidden();
            soon(page.locator("#call-facts")).containsText("finished");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void shouldTakeNoWordOfACallForMarkup() {
        try (Browser browser = Browser.open(kennedy)) {
            Page page = browser.page();
            page.navigate(server.address().toString());

            page.evaluate("""
                    () => new Promise(resolve => {
                        const socket = new WebSocket(`ws://${location.host}/v1/audio`);
                        socket.onopen = () => {
                            socket.send(JSON.stringify({type: 'start', call: '<img src=x onerror=alert(1)>'}));
                            socket.send(new Int16Array(16000));
                        };
                        socket.onmessage = event => JSON.parse(event.data).type === 'ack' && resolve();
                    })""");

            soon(page.locator("#cards .card-title").filter(saying("onerror"))).hasText("<img src=x onerror=alert(1)>");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static Locator.FilterOptions saying(String words) {
        return new Locator.FilterOptions().setHasText(Pattern.compile(words, Pattern.CASE_INSENSITIVE));
    }

    private static Eventually soon(Locator locator) {
        return new Eventually(locator);
    }

    /** What is to come within the time that a call takes. */
    private record Eventually(Locator locator) {
        void isVisible() {
            assertThat(locator).isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE_MILLIS));
        }

        void isHidden() {
            assertThat(locator).isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(PATIENCE_MILLIS));
        }

        void hasCount(int count) {
            assertThat(locator).hasCount(count, new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MILLIS));
        }

        void containsText(String text) {
            assertThat(locator)
                    .containsText(text, new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MILLIS));
        }

        void hasText(String text) {
            assertThat(locator).hasText(text, new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MILLIS));
        }
    }
}
