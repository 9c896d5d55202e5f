package io.kscribe.cli;

import io.kscribe.settings.Given;
import io.kscribe.settings.Origin;
import io.kscribe.settings.Setting;

/**
 * What a setting is, and where that comes from.
 *
 * @param text as it may be shown
 * @param secret whether it is more than may be shown
 */
record SettingValue(Setting setting, String text, Origin origin, boolean secret) {

    /** What stands for what may not be shown. */
    static final String MASK = "***";

    /** What is between a scheme and a host: a name and a password. */
    private static final String USER_INFO = "(?<=://)[^/@\\s]+(?=@)";

    /** A value that may be shown, but for a password in an address. */
    static SettingValue of(Setting setting, Given given) {
        String shown = given.text().replaceAll(USER_INFO, MASK);
        return new SettingValue(setting, shown, given.origin(), !shown.equals(given.text()));
    }

    /** A value that may not be shown. */
    static SettingValue masked(Setting setting, Origin origin) {
        return new SettingValue(setting, MASK, origin, true);
    }

    /** Whether nobody gave it. */
    boolean isDefault() {
        return origin.equals(Origin.DEFAULT);
    }
}
