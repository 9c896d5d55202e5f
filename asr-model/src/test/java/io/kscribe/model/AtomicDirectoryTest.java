package io.kscribe.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AtomicDirectoryTest {

    @TempDir
    Path home;

    @Test
    void shouldFillADirectoryOnce() throws Exception {
        Path target = home.resolve("a/b/model");
        AtomicInteger fillings = new AtomicInteger();

        for (int i = 0; i < 2; i++) {
            Path installed = AtomicDirectory.install(target, directory -> {
                fillings.incrementAndGet();
                Files.createDirectories(directory.resolve("onnx"));
                Files.writeString(directory.resolve("onnx/encoder.onnx"), "weights");
            });
            assertThat(installed.resolve("onnx/encoder.onnx")).hasContent("weights");
        }
        assertThat(fillings).hasValue(1);
    }

    @Test
    void shouldNotShowTheTargetBeforeItIsWhole() throws Exception {
        Path target = home.resolve("model");
        AtomicDirectory.install(target, directory -> {
            Files.writeString(directory.resolve("half"), "half");
            assertThat(target).doesNotExist();
        });
        assertThat(target.resolve("half")).exists();
    }

    @Test
    void shouldLeaveNothingWhenFillingFails() throws Exception {
        Path target = home.resolve("model");
        assertThatThrownBy(() -> AtomicDirectory.install(target, directory -> {
                    Files.writeString(directory.resolve("half"), "half");
                    throw new ModelException("torn");
                }))
                .isInstanceOf(ModelException.class)
                .hasMessage("torn");
        assertThat(visibleIn(home)).isEmpty();
        assertThat(home.resolve(".model.partial")).doesNotExist();
    }

    @Test
    void shouldCleanUpWhatACrashLeft() throws Exception {
        Path leftover = home.resolve(".model.partial/onnx/encoder.onnx");
        Files.createDirectories(leftover.getParent());
        Files.writeString(leftover, "half");

        Path installed = AtomicDirectory.install(
                home.resolve("model"), directory -> Files.writeString(directory.resolve("whole"), "whole"));

        assertThat(visibleIn(installed)).containsExactly("whole");
        assertThat(home.resolve(".model.partial")).doesNotExist();
    }

    @Test
    void shouldRemoveADirectory() throws Exception {
        Path installed = AtomicDirectory.install(
                home.resolve("model"), directory -> Files.writeString(directory.resolve("file"), "old"));
        AtomicDirectory.remove(installed);
        AtomicDirectory.remove(installed);
        assertThat(visibleIn(home)).isEmpty();
    }

    @Test
    void shouldFillOnceForManyThreads() throws Exception {
        int threads = 8;
        Path target = home.resolve("model");
        AtomicInteger fillings = new AtomicInteger();
        CountDownLatch allReady = new CountDownLatch(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Path>> installations = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                installations.add(executor.submit(() -> {
                    allReady.countDown();
                    allReady.await();
                    return AtomicDirectory.install(target, directory -> {
                        fillings.incrementAndGet();
                        Files.writeString(directory.resolve("file"), "whole");
                    });
                }));
            }
            for (Future<Path> installation : installations) {
                assertThat(installation.get().resolve("file")).hasContent("whole");
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(fillings).hasValue(1);
    }

    @Test
    void shouldMakeAnotherProcessWaitAndThenFindTheDirectory() throws Exception {
        Path target = home.resolve("model");
        List<Process> children = new ArrayList<>();
        List<BufferedReader> outputs = new ArrayList<>();

        AtomicDirectory.install(target, directory -> {
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            OtherProcess.class.getName(),
                            target.toString())
                    .redirectErrorStream(true)
                    .start();
            children.add(child);
            BufferedReader output = child.inputReader();
            outputs.add(output);
            String line = output.readLine();
            while (line != null && !line.contains("waiting")) {
                line = output.readLine();
            }
            assertThat(line).contains("Another process holds").contains(".model.lock");
            Files.writeString(directory.resolve("file"), "mine");
        });

        List<String> rest = outputs.get(0).lines().toList();
        assertThat(children.get(0).waitFor()).isZero();
        assertThat(rest).contains("found mine");
    }

    /** Installs the same directory from another process. */
    static final class OtherProcess {

        private OtherProcess() {}

        public static void main(String[] arguments) throws IOException {
            Path installed = AtomicDirectory.install(
                    Path.of(arguments[0]), directory -> Files.writeString(directory.resolve("file"), "theirs"));
            System.out.println("found " + Files.readString(installed.resolve("file")));
        }
    }

    private static List<String> visibleIn(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .toList();
        }
    }
}
