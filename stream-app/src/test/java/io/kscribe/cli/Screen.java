package io.kscribe.cli;

import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a terminal of a certain width shows of what was written to it. It knows line feed, carriage return, cursor up, erase to
 * the end of the display and colours, wraps at its last column, and refuses everything else.
 */
final class Screen extends Writer {

    private static final Pattern ESCAPE = Pattern.compile("\u001B\\[(\\d*)([A-Za-z])");

    /** Stands for the second column of a wide character. */
    private static final String REST_OF_WIDE = "";

    private final int columns;
    private final List<List<String>> rows = new ArrayList<>(List.of(new ArrayList<>()));
    private int row;
    private int column;
    private boolean coloured;

    Screen(int columns) {
        this.columns = columns;
    }

    @Override
    public void write(char[] buffer, int offset, int length) {
        String text = new String(buffer, offset, length);
        Matcher escape = ESCAPE.matcher(text);
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            if (codePoint == 0x1B) {
                if (!escape.find(i) || escape.start() != i) {
                    throw new AssertionError("Not an escape sequence: " + text.substring(i));
                }
                act(escape.group(1), escape.group(2));
                i = escape.end();
                continue;
            }
            put(codePoint);
            i += Character.charCount(codePoint);
        }
    }

    private void act(String number, String command) {
        switch (command) {
            case "A" -> row = Math.max(0, row - Integer.parseInt(number));
            case "J" -> {
                rows.subList(row + 1, rows.size()).clear();
                List<String> line = rows.get(row);
                line.subList(Math.min(column, line.size()), line.size()).clear();
            }
            case "m" -> coloured = true;
            default -> throw new AssertionError("Unknown command " + command);
        }
    }

    private void put(int codePoint) {
        if (codePoint == '\n') {
            column = 0;
            down();
            return;
        }
        if (codePoint == '\r') {
            column = 0;
            return;
        }
        if (Character.isISOControl(codePoint)) {
            throw new AssertionError("Control character " + codePoint + " reached the terminal");
        }
        int width = DisplayWidth.of(Character.toString(codePoint));
        if (column + width > columns) {
            column = 0;
            down();
        }
        List<String> line = rows.get(row);
        if (width == 0) {
            line.set(column - 1, line.get(column - 1) + Character.toString(codePoint));
            return;
        }
        while (line.size() < column + width) {
            line.add(" ");
        }
        line.set(column, Character.toString(codePoint));
        if (width == 2) {
            line.set(column + 1, REST_OF_WIDE);
        }
        column += width;
    }

    private void down() {
        row++;
        if (row == rows.size()) {
            rows.add(new ArrayList<>());
        }
    }

    /** The rows from the top, the one with the cursor included. */
    List<String> rows() {
        return rows.stream().map(line -> String.join("", line)).toList();
    }

    /** Whether any colour was ever asked for. */
    boolean coloured() {
        return coloured;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
