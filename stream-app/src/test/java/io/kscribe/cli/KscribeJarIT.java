package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.model.Sample;
import io.kscribe.process.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The program as it is shipped: one jar, run as a process of its own. */
class KscribeJarIT {

    private static final Path JAR = Path.of(System.getProperty("kscribe.jar"));

    @Test
    void shouldRunByItself() throws Exception {
        Process process = java("version");

        String out = read(process.getInputStream());
        assertThat(read(process.getErrorStream())).isEmpty();
        assertThat(process.waitFor()).isZero();
        assertThat(out).startsWith("kscribe ").contains("ONNX Runtime ", "Kafka ");
    }

    @Test
    void shouldEndWithTheStatusOfWrongUsage() throws Exception {
        Process process = java("nonsense");

        assertThat(read(process.getInputStream())).isEmpty();
        assertThat(read(process.getErrorStream())).startsWith("kscribe: Unknown command 'nonsense'");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    @Test
    void shouldWriteUtf8WhateverThePlatformsEncoding() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(javaBinary(), "-Dfile.encoding=US-ASCII", "-jar", JAR.toString(), "\u00fcbersetze");
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();

        assertThat(read(process.getErrorStream())).contains("'\u00fcbersetze'");
    }

    @Test
    void shouldFindEveryAudioFormatsReader() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(text(jar, "META-INF/services/javax.sound.sampled.spi.AudioFileReader"))
                    .contains("FlacAudioFileReader", "MpegAudioFileReader", "VorbisAudioFileReader");
            assertThat(text(jar, "META-INF/services/javax.sound.sampled.spi.FormatConversionProvider"))
                    .contains("Flac", "Mpeg", "Vorbis");
        }
    }

    @Test
    void shouldAskForWhatNewerJavasWantDeclared() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            Manifest manifest = jar.getManifest();
            assertThat(manifest.getMainAttributes().getValue("Enable-Native-Access"))
                    .isEqualTo("ALL-UNNAMED");
            assertThat(manifest.getMainAttributes().getValue("Multi-Release")).isEqualTo("true");
        }
    }

    @Test
    void shouldCarryItsLicencesAndNoSignatures() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> names = jar.stream().map(ZipEntry::getName).toList();
            assertThat(names)
                    .contains("META-INF/licenses/GPL-3.0", "META-INF/licenses/Apache-2.0", "META-INF/NOTICE", "NOTICE");
            assertThat(text(jar, "META-INF/NOTICE")).contains("Apache Avro", "Apache Log4j");
            assertThat(names).noneMatch(name -> name.matches("META-INF/[^/]+\\.(SF|DSA|RSA|EC)"));
            assertThat(names).noneMatch(name -> name.endsWith("module-info.class"));
            assertThat(names).doesNotHaveDuplicates();
        }
    }

    @Test
    void shouldEndWithTheStatusOfASignalThatCutsItShort() throws Exception {
        String recording = ModelOptions.store().sample(Sample.APOLLO_13).toString();
        Process process = new ProcessBuilder(
                        command("transcribe", "--model", "tiny", recording, recording, recording, recording, recording))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isNotBlank();

            process.destroy();

            assertThat(process.waitFor()).isEqualTo(Signal.TERM.status());
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process java(String... args) throws IOException {
        return new ProcessBuilder(command(args)).start();
    }

    private static List<String> command(String... args) {
        List<String> command = new ArrayList<>(List.of(javaBinary(), "-jar", JAR.toString()));
        command.addAll(List.of(args));
        return command;
    }

    private static String javaBinary() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String text(JarFile jar, String name) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
            return read(in);
        }
    }

    private static String read(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
}
