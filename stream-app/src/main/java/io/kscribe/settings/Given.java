package io.kscribe.settings;

/**
 * A value that somebody gave.
 *
 * @param text as it was given; several are separated by commas
 * @param origin where it was given
 */
public record Given(String text, Origin origin) {}
