package io.kscribe.cli;

import io.kscribe.console.ConsoleLimits;
import io.kscribe.gateway.GatewayLimits;
import io.kscribe.limits.Limit;
import io.kscribe.limits.NamedLimits;
import io.kscribe.stream.StreamLimits;
import io.kscribe.web.WebLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The limits of all parts, among which each name is there once.
 *
 * @param stream the service's
 * @param web the web server's
 * @param gateway the gateway's
 * @param console the console's
 */
record AllLimits(StreamLimits stream, WebLimits web, GatewayLimits gateway, ConsoleLimits console) {

    /** The defaults. */
    static AllLimits standard() {
        return new AllLimits(
                StreamLimits.standard(), WebLimits.standard(), GatewayLimits.standard(), ConsoleLimits.standard());
    }

    /** The names of all of them. */
    static List<String> names() {
        List<String> names = new ArrayList<>(StreamLimits.names());
        names.addAll(NamedLimits.names(WebLimits.class));
        names.addAll(NamedLimits.names(GatewayLimits.class));
        names.addAll(NamedLimits.names(ConsoleLimits.class));
        return names;
    }

    /**
     * What a limit limits, if its record says so.
     *
     * @throws IllegalArgumentException if there is no such limit
     */
    static Optional<Limit> description(String name) {
        return NamedLimits.description(standard().owner(name).getClass(), name);
    }

    /**
     * A limit by its name.
     *
     * @throws IllegalArgumentException if there is no such limit
     */
    Object get(String name) {
        return NamedLimits.get(owner(name), name);
    }

    /**
     * The same with another value of one limit.
     *
     * @throws IllegalArgumentException if there is no such limit, or it may not have the value
     */
    AllLimits with(String name, Object value) {
        Class<? extends Record> owner = owner(name).getClass();
        return new AllLimits(
                owner == StreamLimits.class ? stream.with(name, value) : stream,
                owner == WebLimits.class ? NamedLimits.with(web, name, value) : web,
                owner == GatewayLimits.class ? NamedLimits.with(gateway, name, value) : gateway,
                owner == ConsoleLimits.class ? NamedLimits.with(console, name, value) : console);
    }

    private Record owner(String name) {
        for (Record limits : List.of(stream, web, gateway, console)) {
            if (NamedLimits.names(limits.getClass()).contains(name)) {
                return limits;
            }
        }
        throw new IllegalArgumentException(
                "There is no limit '" + name + "'; expected one of " + String.join(", ", names()) + ".");
    }
}
