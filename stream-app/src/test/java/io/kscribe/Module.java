package io.kscribe;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/** A module of the build, and the modules that it may know. */
enum Module {
    SCHEMAS,
    AUDIO_FRONTEND,
    ASR_MODEL,
    STREAM_APP;

    // The directory of classes in a build, or a jar.
    private final Pattern place = Pattern.compile("/" + this + "(/target/classes/|-[^/]+\\.jar!/)");

    /** The module that a class was built in. */
    static Module of(JavaClass type) {
        String place = type.getBaseComponentType()
                .getSource()
                .orElseThrow(() -> new AssertionError(type.getName() + " was not found on the class path"))
                .getUri()
                .toString();
        return Arrays.stream(values())
                .filter(module -> module.place.matcher(place).find())
                .findFirst()
                .orElseThrow(() -> new AssertionError("No module of kscribe builds " + place));
    }

    boolean mayKnow(Module other) {
        return other == this
                || switch (this) {
                    case SCHEMAS, AUDIO_FRONTEND -> false;
                    case ASR_MODEL -> other == AUDIO_FRONTEND;
                    case STREAM_APP -> true;
                };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
