package io.kscribe.cli;

import io.kscribe.settings.Setting;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;

/** Shows settings to people: key, value with its unit, origin; what nobody gave is dim. */
final class ConfigTable {

    private static final String GAP = "  ";
    private static final String NONE = "-";

    /** A value is never cut to less than this. */
    private static final int SHORTEST_VALUE = 16;

    private final PrintWriter out;
    private final Terminal terminal;

    ConfigTable(PrintWriter out, Terminal terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Shows settings, and those of Kafka's clients. */
    void print(List<SettingValue> values, List<SettingValue> client) {
        List<SettingValue> all = Stream.concat(values.stream(), client.stream()).toList();
        int keys = widest(all.stream().map(value -> value.setting().key()));
        int origins = widest(all.stream().map(value -> value.origin().place()));
        int room = terminal.columns().getAsInt() - keys - origins - 2 * GAP.length();
        int texts = Math.min(widest(all.stream().map(ConfigTable::text)), Math.max(SHORTEST_VALUE, room));
        Style style = new Style(terminal.coloured());
        for (SettingValue value : all) {
            String line = padded(value.setting().key(), keys)
                    + GAP
                    + padded(cut(text(value), texts), texts)
                    + GAP
                    + value.origin().place();
            out.println(value.isDefault() ? style.dim(line) : line);
        }
    }

    private static String text(SettingValue value) {
        Setting setting = value.setting();
        if (value.text().isEmpty()) {
            return NONE;
        }
        String unit = value.text().equals("1") ? setting.unit().replaceFirst("s(?=/|$)", "") : setting.unit();
        return (value.text() + " " + unit).strip().replaceAll("\\R", " ");
    }

    private static String cut(String text, int columns) {
        int start = DisplayWidth.endStart(text, columns);
        return start == 0 ? text : "\u2026" + text.substring(start);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - DisplayWidth.of(text)));
    }

    private static int widest(Stream<String> texts) {
        return texts.mapToInt(DisplayWidth::of).max().orElse(0);
    }
}
