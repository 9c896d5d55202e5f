package io.kscribe.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kscribe.cli.RecordingTranscriber.Segment;
import io.kscribe.cli.RecordingTranscriber.Transcribed;
import io.kscribe.recognizer.SpokenWord;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

/** The forms in which a recording's transcript is written. */
enum RecordingFormat {
    /** The text alone, a line a segment. */
    TEXT {
        @Override
        String written(String file, Transcribed transcribed, Duration processing) {
            return transcribed.segments().stream()
                    .map(segment -> segment.result().text() + "\n")
                    .collect(Collectors.joining());
        }
    },
    /** One object a recording, on one line. */
    JSON {
        @Override
        String written(String file, Transcribed transcribed, Duration processing) {
            ObjectNode json = MAPPER.createObjectNode();
            json.put("file", file);
            json.put("durationMillis", transcribed.duration().toMillis());
            json.put("language", transcribed.language());
            json.put("text", transcribed.text());
            ArrayNode segments = json.putArray("segments");
            transcribed.segments().forEach(segment -> write(segment, segments.addObject()));
            json.put("processingMillis", processing.toMillis());
            try {
                return MAPPER.writeValueAsString(json) + "\n";
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a tree of numbers and strings is always JSON", e);
            }
        }
    },
    /** SubRip subtitles. */
    SRT {
        @Override
        String written(String file, Transcribed transcribed, Duration processing) {
            StringBuilder out = new StringBuilder();
            int number = 1;
            for (Subtitle subtitle : Subtitle.of(transcribed)) {
                out.append(number++).append('\n');
                out.append(time(subtitle.startMillis(), ',')).append(" --> ");
                out.append(time(subtitle.endMillis(), ',')).append('\n');
                out.append(subtitle.text()).append("\n\n");
            }
            return out.toString();
        }
    },
    /** WebVTT subtitles (W3C). */
    VTT {
        @Override
        String written(String file, Transcribed transcribed, Duration processing) {
            StringBuilder out = new StringBuilder("WEBVTT\n\n");
            for (Subtitle subtitle : Subtitle.of(transcribed)) {
                out.append(time(subtitle.startMillis(), '.')).append(" --> ");
                out.append(time(subtitle.endMillis(), '.')).append('\n');
                out.append(escaped(subtitle.text())).append("\n\n");
            }
            return out.toString();
        }
    };

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** The transcript, ending with a line's end. */
    abstract String written(String file, Transcribed transcribed, Duration processing);

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static void write(Segment segment, ObjectNode json) {
        json.put("channel", segment.channel());
        json.put("startMillis", segment.result().startMillis());
        json.put("endMillis", segment.result().endMillis());
        json.put("text", segment.result().text());
        json.put("confidence", rounded(segment.result().confidence()));
        ArrayNode words = json.putArray("words");
        for (SpokenWord word : segment.result().words()) {
            words.addObject()
                    .put("text", word.text())
                    .put("startMillis", word.startMillis())
                    .put("endMillis", word.endMillis())
                    .put("confidence", rounded(word.confidence()));
        }
    }

    private static double rounded(float probability) {
        return Math.round(probability * 1000) / 1000.0;
    }

    private static String time(long millis, char separator) {
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02d%c%03d",
                millis / 3_600_000,
                millis / 60_000 % 60,
                millis / 1000 % 60,
                separator,
                millis % 1000);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
