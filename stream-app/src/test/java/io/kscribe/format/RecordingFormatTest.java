package io.kscribe.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordingFormatTest {
    private static final Transcribed TWO_LINES = Speech.of(
            Speech.segment(0, 1234, 300, "Less is <more>."), Speech.segment(1, 3_723_004, 500, "Fish & \"chips\""));
    private static final Locale USUAL = Locale.getDefault();

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(USUAL);
    }

    @Test
    void shouldWriteALineASegmentAsText() {
        assertThat(written(RecordingFormat.TEXT, TWO_LINES)).isEqualTo("Less is <more>.\nFish & \"chips\"\n");
        assertThat(written(RecordingFormat.TEXT, Speech.of())).isEmpty();
    }

    @Test
    void shouldWriteAnObjectALineAsJson() {
        assertThat(written(RecordingFormat.JSON, TWO_LINES))
                .isEqualTo("{\"file\":\"call.wav\",\"durationMillis\":20000,\"language\":\"en\","
                        + "\"text\":\"Less is <more>. Fish & \\\"chips\\\"\",\"segments\":["
                        + "{\"channel\":0,\"startMillis\":1234,\"endMillis\":2134,\"text\":\"Less is <more>.\","
                        + "\"confidence\":0.877,\"words\":["
                        + "{\"text\":\"Less\",\"startMillis\":1234,\"endMillis\":1534,\"confidence\":0.5},"
                        + "{\"text\":\"is\",\"startMillis\":1534,\"endMillis\":1834,\"confidence\":0.5},"
                        + "{\"text\":\"<more>.\",\"startMillis\":1834,\"endMillis\":2134,\"confidence\":0.5}]},"
                        + "{\"channel\":1,\"startMillis\":3723004,\"endMillis\":3724504,"
                        + "\"text\":\"Fish & \\\"chips\\\"\",\"confidence\":0.877,\"words\":["
                        + "{\"text\":\"Fish\",\"startMillis\":3723004,\"endMillis\":3723504,\"confidence\":0.5},"
                        + "{\"text\":\"&\",\"startMillis\":3723504,\"endMillis\":3724004,\"confidence\":0.5},"
                        + "{\"text\":\"\\\"chips\\\"\",\"startMillis\":3724004,\"endMillis\":3724504,"
                        + "\"confidence\":0.5}]}],\"processingMillis\":250}\n");
    }

    @Test
    void shouldSayThatTheLanguageOfSilenceIsUndetermined() {
        assertThat(written(RecordingFormat.JSON, Speech.of()))
                .isEqualTo("{\"file\":\"call.wav\",\"durationMillis\":20000,\"language\":\"und\",\"text\":\"\","
                        + "\"segments\":[],\"processingMillis\":250}\n");
    }

    @Test
    void shouldWriteSubRip() {
        assertThat(written(RecordingFormat.SRT, TWO_LINES)).isEqualTo("""
                        1
                        00:00:01,234 --> 00:00:02,134
                        Less is <more>.

                        2
                        01:02:03,004 --> 01:02:04,504
                        Fish & "chips"

                        """);
    }

    @Test
    void shouldEscapeWhatWebVttWouldTakeForATag() {
        assertThat(written(RecordingFormat.VTT, TWO_LINES)).isEqualTo("""
                        WEBVTT

                        00:00:01.234 --> 00:00:02.134
                        Less is &lt;more&gt;.

                        01:02:03.004 --> 01:02:04.504
                        Fish &amp; "chips"

                        """);
    }

    @Test
    void shouldSayWhoSpeaksWhereThatIsKnown() {
        Segment alone = TWO_LINES.segments().get(0);
        Transcribed named = Speech.of(new Segment(0, "agent", alone.result()));

        assertThat(written(RecordingFormat.TEXT, named)).isEqualTo("agent: Less is <more>.\n");
        assertThat(written(RecordingFormat.SRT, named)).contains("\nagent: Less is <more>.\n");
        assertThat(written(RecordingFormat.VTT, named)).contains("\n<v agent>Less is &lt;more&gt;.\n");
    }

    @Test
    void shouldWriteTheSameWhereNumbersAreWrittenOtherwise() {
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));

        assertThat(written(RecordingFormat.SRT, TWO_LINES)).startsWith("1\n00:00:01,234 --> ");
        assertThat(written(RecordingFormat.JSON, TWO_LINES)).contains("\"confidence\":0.877");
    }

    /** Whoever listens to an hour wants to read its first minute before the last is over. */
    @ParameterizedTest
    @EnumSource(value = RecordingFormat.class, names = "JSON", mode = EnumSource.Mode.EXCLUDE)
    void shouldWriteASegmentAsSoonAsItIsSaid(RecordingFormat format) {
        StringWriter written = new StringWriter();
        TranscriptWriter writer = format.open("call.wav", new PrintWriter(written));

        writer.said(TWO_LINES.segments().get(0));

        assertThat(written.toString()).contains("Less is").doesNotContain("Fish");
    }

    private static String written(RecordingFormat format, Transcribed transcribed) {
        StringWriter written = new StringWriter();
        TranscriptWriter writer = format.open("call.wav", new PrintWriter(written));
        transcribed.segments().forEach(writer::said);
        writer.ended(transcribed, Duration.ofMillis(250));
        return written.toString();
    }
}
