package io.kscribe.cli;

import io.kscribe.schema.Role;

/** Colours for the terminal, or none for those who do not want any. */
final class Style {

    private static final String RESET = "\u001B[0m";
    private static final String DIM = "\u001B[2m";
    private static final String GREEN = "\u001B[32m";
    private static final String CYAN = "\u001B[36m";

    private final boolean coloured;

    Style(boolean coloured) {
        this.coloured = coloured;
    }

    /** What matters less, or may still change. */
    String dim(String text) {
        return wrap(DIM, text);
    }

    /** What belongs to a speaker. */
    String of(Role role, String text) {
        return switch (role) {
            case AGENT -> wrap(CYAN, text);
            case CUSTOMER -> wrap(GREEN, text);
            default -> text;
        };
    }

    private String wrap(String code, String text) {
        return coloured && !text.isEmpty() ? code + text + RESET : text;
    }
}
