/**
 * The streaming policy: where speech begins and ends, when it is decoded, what of a hypothesis is stable. Time is the audio's own;
 * nothing here reads a clock, starts a thread or knows where audio comes from.
 */
@NullMarked
package io.kscribe.recognizer;

import org.jspecify.annotations.NullMarked;
