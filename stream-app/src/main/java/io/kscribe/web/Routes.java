package io.kscribe.web;

import io.javalin.config.JavalinConfig;

/** What one part of kscribe serves: its paths, each with the {@link Access} that it wants. */
@FunctionalInterface
public interface Routes {

    /** Adds the paths, before the server starts. */
    void addTo(JavalinConfig server);
}
