package io.kscribe.web;

import io.javalin.security.RouteRole;

/** Who may use a path. The checks of host, origin and rate are made for all. */
public enum Access implements RouteRole {
    /** Whoever has an API key, if there are any; what a path gets that says nothing. */
    KEY,
    /** Whom the path itself lets in, by a signature for instance. */
    OWN_CHECK,
    /** Everybody. */
    ANYBODY
}
