package io.kscribe.cli;

import static io.kscribe.cli.Transcripts.finalOf;
import static io.kscribe.cli.Transcripts.partialOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.schema.Role;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveTranscriptPrinterTest {

    private static final int COLUMNS = 60;

    private final Screen screen = new Screen(COLUMNS);
    private final LiveTranscriptPrinter printer = printer(false);

    @Test
    void shouldRedrawAPartialInPlace() {
        printer.print(partialOf(0, 0, "", "Hell").build());
        printer.print(partialOf(0, 1, "Hello,", " I wood").build());
        printer.print(partialOf(0, 2, "Hello, I", " would like").build());

        assertThat(screen.rows()).containsExactly("[00:03.2 - 00:07.9] customer  Hello, I would like");
    }

    @Test
    void shouldReplaceThePartialByItsFinal() {
        printer.print(partialOf(0, 0, "", "Hello I would like more").build());
        printer.print(finalOf(0, "Hello.").build());

        assertThat(screen.rows()).containsExactly("[00:03.2 - 00:07.9] customer  Hello.", "");
    }

    @Test
    void shouldLetFinalsScrollAboveWhatIsBeingSpoken() {
        printer.print(partialOf(0, 0, "", "customer speaks").build());
        printer.print(partialOf(0, 0, "", "agent speaks")
                .setChannel(0)
                .setRole(Role.AGENT)
                .build());
        printer.print(finalOf(0, "Customer spoke.").build());
        printer.print(partialOf(0, 1, "", "agent still speaks")
                .setChannel(0)
                .setRole(Role.AGENT)
                .build());

        assertThat(screen.rows())
                .containsExactly(
                        "[00:03.2 - 00:07.9] customer  Customer spoke.",
                        "[00:03.2 - 00:07.9] agent     agent still speaks");
    }

    @Test
    void shouldKeepEachPartialOnOneRowHoweverLong() {
        String said = "one two three four five six seven eight nine ten eleven twelve";
        for (int length = 1; length <= said.length(); length++) {
            printer.print(partialOf(0, length, "", said.substring(0, length)).build());
        }

        assertThat(screen.rows()).containsExactly("[00:03.2 - 00:07.9] customer  \u2026eight nine ten eleven twelve");
        assertThat(screen.rows().get(0)).hasSize(COLUMNS - 1);
    }

    @Test
    void shouldWrapALongFinalAndStillFindTheWayBack() {
        printer.print(partialOf(1, 0, "", "next").setChannel(0).build());
        printer.print(finalOf(0, "word ".repeat(20).strip()).build());
        printer.print(partialOf(1, 1, "", "next but one").setChannel(0).build());

        assertThat(screen.rows()).hasSize(4);
        assertThat(String.join("", screen.rows().subList(0, 3)))
                .endsWith("word ".repeat(20).strip());
        assertThat(screen.rows().get(3)).endsWith("customer  next but one");
    }

    @Test
    void shouldCountColumnsOfWideCharacters() {
        printer.print(partialOf(0, 0, "", "\u4f60\u597d".repeat(20)).build());
        printer.print(partialOf(0, 1, "", "\u4f60\u597d".repeat(21)).build());

        assertThat(screen.rows()).hasSize(1);
        assertThat(screen.rows().get(0)).endsWith("\u2026" + "\u4f60\u597d".repeat(7));
    }

    @Test
    void shouldGiveTheTextTheWholeRowWhereThereIsNoRoomForMore() {
        Screen narrow = new Screen(30);
        LiveTranscriptPrinter narrowPrinter =
                new LiveTranscriptPrinter(new PrintWriter(narrow), new Terminal(true, false, () -> 30));

        narrowPrinter.print(partialOf(0, 0, "", "as it was in the beginning").build());
        narrowPrinter.print(
                partialOf(0, 1, "", "as it was in the beginning is now").build());

        assertThat(narrow.rows()).containsExactly("\u2026 was in the beginning is now");
    }

    @Test
    void shouldIgnoreWhatIsOlderThanWhatIsShown() {
        printer.print(partialOf(4, 7, "", "new").build());
        printer.print(partialOf(4, 6, "", "old revision").build());
        printer.print(partialOf(3, 9, "", "old segment").build());

        assertThat(screen.rows()).containsExactly("[00:03.2 - 00:07.9] customer  new");
    }

    @Test
    void shouldShowTheCallOnceThereAreSeveral() {
        printer.print(finalOf(0, "One.").build());
        printer.print(finalOf(0, "Two.").setCallId("c2").build());
        printer.print(finalOf(1, "Three.").build());

        assertThat(screen.rows())
                .containsExactly(
                        "[00:03.2 - 00:07.9] customer  One.",
                        "c2  [00:03.2 - 00:07.9] customer  Two.",
                        "c1  [00:03.2 - 00:07.9] customer  Three.",
                        "");
    }

    @Test
    void shouldDrawNoMoreLinesThanItsLimit() {
        for (int channel = 0; channel < LiveTranscriptPrinter.MAX_LIVE_LINES + 3; channel++) {
            printer.print(partialOf(0, 0, "", "speaker " + channel)
                    .setChannel(channel)
                    .build());
        }

        assertThat(screen.rows()).hasSize(LiveTranscriptPrinter.MAX_LIVE_LINES);
        assertThat(screen.rows().get(0)).endsWith("speaker 3");
    }

    @Test
    void shouldKeepControlCharactersFromTheTerminal() {
        printer.print(finalOf(0, "a\u001B[2Jb\nc\u009Bd").build());

        assertThat(screen.rows()).containsExactly("[00:03.2 - 00:07.9] customer  a\uFFFD[2Jb\uFFFDc\uFFFDd", "");
    }

    @Test
    void shouldDimOnlyWhatMayStillChange() {
        StringWriter written = new StringWriter();
        LiveTranscriptPrinter coloured =
                new LiveTranscriptPrinter(new PrintWriter(written), new Terminal(true, true, () -> COLUMNS));

        coloured.print(partialOf(0, 0, "Hello,", " I").build());

        assertThat(written.toString()).endsWith(" Hello,\u001B[2m I\u001B[0m");
    }

    @Test
    void shouldUseNoColourWhereNoneIsWanted() {
        printer.print(partialOf(0, 0, "Hello,", " I").build());
        printer.print(finalOf(0, "Hello.").setFlags(List.of("gap")).build());

        assertThat(screen.coloured()).isFalse();
        assertThat(screen.rows().get(0)).endsWith("Hello. (gap)");
    }

    @Test
    void shouldLeaveTheCursorOnAFreshRow() {
        printer.print(partialOf(0, 0, "", "Hello").build());
        printer.close();

        assertThat(screen.rows()).hasSize(2).last().isEqualTo("");
    }

    private LiveTranscriptPrinter printer(boolean coloured) {
        return new LiveTranscriptPrinter(new PrintWriter(screen), new Terminal(true, coloured, () -> COLUMNS));
    }
}
