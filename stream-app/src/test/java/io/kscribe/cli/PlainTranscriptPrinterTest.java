package io.kscribe.cli;

import static io.kscribe.cli.Transcripts.finalOf;
import static io.kscribe.cli.Transcripts.partialOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.schema.Role;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainTranscriptPrinterTest {

    private final StringWriter written = new StringWriter();
    private final PlainTranscriptPrinter printer = new PlainTranscriptPrinter(new PrintWriter(written));

    @Test
    void shouldPrintFinalsOneALine() {
        printer.print(finalOf(0, "Hello, I would like to cancel.").build());
        printer.print(finalOf(1, "Sure.").setChannel(0).setRole(Role.AGENT).build());

        assertThat(written.toString().lines())
                .containsExactly(
                        "[00:03.2 - 00:07.9] customer  Hello, I would like to cancel.",
                        "[00:03.2 - 00:07.9] agent     Sure.");
    }

    @Test
    void shouldPrintNoPartials() {
        printer.print(partialOf(0, 0, "Hello", " I").build());

        assertThat(written.toString()).isEmpty();
        assertThat(printer.wantsPartials()).isFalse();
    }

    @Test
    void shouldNameTheChannelWhereNobodySaysWhoSpeaks() {
        printer.print(finalOf(0, "Hello.").setRole(Role.UNKNOWN).build());

        assertThat(written.toString().strip()).isEqualTo("[00:03.2 - 00:07.9] channel 1 Hello.");
    }

    @Test
    void shouldCountHoursInLongCalls() {
        printer.print(finalOf(0, "Hello.")
                .setStartMillis(3_599_999)
                .setEndMillis(36_005_049)
                .build());

        assertThat(written.toString()).startsWith("[59:59.9 - 10:00:05.0] ");
    }

    @Test
    void shouldSayWhatIsSpecialAboutAFinal() {
        printer.print(finalOf(0, "Hello.").setFlags(List.of("gap", "truncated")).build());

        assertThat(written.toString().strip()).endsWith("Hello. (gap, truncated)");
    }
}
