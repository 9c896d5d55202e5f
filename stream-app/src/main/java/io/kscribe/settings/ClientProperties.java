package io.kscribe.settings;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A section whose keys are not kscribe's, but a library's: {@code kafka.properties.security.protocol}, or
 * {@code KSCRIBE_KAFKA_SECURITY_PROTOCOL}.
 *
 * @param section of the file
 * @param variablePrefix what the names of its variables begin with; their rest is the library's name in capitals, with underscores for dots
 * @param known the names that the library knows; others, which its plug-ins may know, can be set in the file
 * @param open those of them whose values may be shown
 */
public record ClientProperties(String section, String variablePrefix, Set<String> known, Set<String> open) {

    /** What a setting of the library is called here. */
    Optional<String> name(String key) {
        return key.startsWith(section + ".") ? Optional.of(key.substring(section.length() + 1)) : Optional.empty();
    }

    /** The names, as far as they are known, by their variables. */
    Optional<String> nameOf(String variable) {
        return known.stream().filter(name -> variable(name).equals(variable)).findFirst();
    }

    /** The variable that sets what the library calls so. */
    public String variable(String name) {
        return variablePrefix + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** Whether the value of what the library calls so may be shown. */
    public boolean mayShow(String name) {
        return open.contains(name);
    }
}
