package io.kscribe.model;

/** Names a public-domain recording to try kscribe with. */
public enum Sample {

    /** Apollo 13 reports its problem to Houston: 30 s, 16 kHz, one channel (NASA, 1970). */
    APOLLO_13("apollo-13"),

    /** "Ask not what your country can do for you": 11 s, 16 kHz, one channel (J. F. Kennedy, 1961). */
    KENNEDY("kennedy");

    private final String key;

    Sample(String key) {
        this.key = key;
    }

    /** Its name in {@link ModelStore#list()}. */
    public String key() {
        return key;
    }
}
