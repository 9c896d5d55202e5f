package io.kscribe.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kscribe.recognizer.SpokenWord;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** The forms in which a recording's transcript is written. */
public enum RecordingFormat {
    /** The text alone, a line a segment. */
    TEXT {
        @Override
        public TranscriptWriter open(String file, PrintWriter out) {
            return new TranscriptWriter() {
                @Override
                public void said(Segment segment) {
                    out.print(named(segment, segment.result().text()) + "\n");
                    out.flush();
                }
            };
        }
    },
    /** One object a recording, on one line. */
    JSON {
        @Override
        public TranscriptWriter open(String file, PrintWriter out) {
            return new TranscriptWriter() {
                @Override
                public void ended(Transcribed transcribed, Duration processing) {
                    out.print(json(file, transcribed, processing) + "\n");
                    out.flush();
                }
            };
        }
    },
    /** SubRip subtitles. */
    SRT {
        @Override
        public TranscriptWriter open(String file, PrintWriter out) {
            return new TranscriptWriter() {
                private int number = 1;

                @Override
                public void said(Segment segment) {
                    for (Subtitle subtitle : Subtitle.of(segment)) {
                        out.print(number++ + "\n" + times(subtitle, ',') + "\n" + named(segment, subtitle.text())
                                + "\n\n");
                    }
                    out.flush();
                }
            };
        }
    },
    /** WebVTT subtitles (W3C). */
    VTT {
        @Override
        public TranscriptWriter open(String file, PrintWriter out) {
            out.print("WEBVTT\n\n");
            return new TranscriptWriter() {
                @Override
                public void said(Segment segment) {
                    for (Subtitle subtitle : Subtitle.of(segment)) {
                        out.print(times(subtitle, '.') + "\n" + voiced(segment, subtitle.text()) + "\n\n");
                    }
                    out.flush();
                }
            };
        }
    };

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Begins a recording's transcript. */
    public abstract TranscriptWriter open(String file, PrintWriter out);

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static String json(String file, Transcribed transcribed, Duration processing) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("file", file);
        json.put("durationMillis", transcribed.duration().toMillis());
        json.put("language", transcribed.language());
        json.put("text", transcribed.text());
        ArrayNode segments = json.putArray("segments");
        transcribed.segments().forEach(segment -> write(segment, segments.addObject()));
        json.put("processingMillis", processing.toMillis());
        try {
            return MAPPER.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of numbers and strings is always JSON", e);
        }
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

    private static String named(Segment segment, String text) {
        return segment.speaker() == null ? text : segment.speaker() + ": " + text;
    }

    /** With WebVTT's own tag for who speaks. */
    private static String voiced(Segment segment, String text) {
        return segment.speaker() == null ? escaped(text) : "<v " + escaped(segment.speaker()) + ">" + escaped(text);
    }

    private static double rounded(float probability) {
        return Math.round(probability * 1000) / 1000.0;
    }

    private static String times(Subtitle subtitle, char separator) {
        return time(subtitle.startMillis(), separator) + " --> " + time(subtitle.endMillis(), separator);
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
