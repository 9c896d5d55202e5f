package io.kscribe.evaluation;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Lists the utterances of a corpus. On disk it is a file with a JSON object a line:
 *
 * <ul>
 *   <li>{@code id}: the utterance's name;
 *   <li>{@code audio}: its file, or {@code audio_parts}: files to be heard one after another; relative to the manifest's folder or, if
 *       that is called "manifests", to the one above;
 *   <li>{@code ref}: what is said, "" if nobody speaks, null or absent if it is not known;
 *   <li>{@code lang}: ISO 639-1, null or absent if it is not known.
 * </ul>
 *
 * Other fields are for people and other programs.
 *
 * @param corpus the file's name without its extension
 * @param utterances in the file's order
 */
public record Manifest(String corpus, List<Utterance> utterances) {
    private static final String MANIFESTS_FOLDER = "manifests";
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    public Manifest {
        utterances = List.copyOf(utterances);
    }

    /**
     * Reads a manifest.
     *
     * @throws ManifestException if the file is not there, or a line of it is not as above
     */
    public static Manifest read(Path file) throws ManifestException {
        List<Utterance> utterances = new ArrayList<>();
        Path root = root(file);
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    utterances.add(new Line(file + " line " + number, line).utterance(root));
                }
            }
        } catch (ManifestException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new ManifestException("There is no manifest " + file + ".", e);
        } catch (CharacterCodingException e) {
            throw new ManifestException(file + " is not UTF-8 text; expected a manifest, a JSON object a line.", e);
        } catch (IOException e) {
            throw new ManifestException(file + " cannot be read (" + e + ").", e);
        }
        if (utterances.isEmpty()) {
            throw new ManifestException(file + " lists no utterances; expected a JSON object a line.");
        }
        return new Manifest(corpus(file), utterances);
    }

    /** The first utterances alone. */
    public Manifest limitedTo(int most) {
        return new Manifest(corpus, utterances.subList(0, Math.min(most, utterances.size())));
    }

    private static String corpus(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.jsonl?$", "");
    }

    private static Path root(Path file) {
        Path folder =
                Objects.requireNonNullElse(file.toAbsolutePath().normalize().getParent(), file);
        Path above = folder.getParent();
        return folder.endsWith(MANIFESTS_FOLDER) && above != null ? above : folder;
    }

    /** A line on its way to an utterance. */
    private record Line(String place, String text) {
        Utterance utterance(Path root) throws ManifestException {
            JsonNode object = json();
            String id = text(object, "id").filter(name -> !name.isBlank()).orElseThrow(() -> wrong("no id"));
            Optional<String> language = text(object, "lang")
                    .map(tag -> tag.replaceFirst("[-_].*", "").toLowerCase(Locale.ROOT))
                    .filter(tag -> !tag.isBlank());
            return new Utterance(id, audio(object, root), text(object, "ref"), language);
        }

        private JsonNode json() throws ManifestException {
            try {
                JsonNode object = JSON.readTree(text);
                if (object.isObject()) {
                    return object;
                }
            } catch (JacksonException e) {
                throw new ManifestException(place + " is not JSON; expected an object.", e);
            }
            throw new ManifestException(place + " is JSON, but not an object.");
        }

        private List<Path> audio(JsonNode object, Path root) throws ManifestException {
            List<String> names = new ArrayList<>();
            text(object, "audio").ifPresent(names::add);
            if (names.isEmpty()) {
                for (JsonNode part : object.path("audio_parts")) {
                    if (!part.isTextual()) {
                        throw wrong("audio_parts that are not all text");
                    }
                    names.add(part.textValue());
                }
            }
            if (names.isEmpty()) {
                throw wrong("neither audio nor audio_parts");
            }
            List<Path> audio = new ArrayList<>();
            for (String name : names) {
                try {
                    audio.add(root.resolve(name));
                } catch (InvalidPathException e) {
                    throw wrong("an audio file whose name cannot be one");
                }
            }
            return audio;
        }

        private Optional<String> text(JsonNode object, String field) throws ManifestException {
            JsonNode value = object.path(field);
            if (value.isMissingNode() || value.isNull()) {
                return Optional.empty();
            }
            if (!value.isTextual()) {
                throw wrong("a field " + field + " that is not text");
            }
            return Optional.of(value.textValue());
        }

        private ManifestException wrong(String what) {
            return new ManifestException(place + " has " + what + ".");
        }
    }
}
