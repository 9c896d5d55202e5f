package io.kscribe.engine;

/** A way from the opening of a decoding to its text. */
interface Search extends Stage {
    /** The text once the search is over: one that has ended, or that a limit or a loop has stopped. */
    Text text();
}
