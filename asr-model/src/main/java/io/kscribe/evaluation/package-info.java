/**
 * How right transcripts are and how soon they are there: normalisation of text, error rates, manifests of recordings whose words are
 * known, latencies.
 *
 * <p>It compares results with text and with one another and prepares audio; it decodes nothing and prints nothing, so of the recogniser
 * it may know what it says, and of the engine nothing.
 */
@NullMarked
package io.kscribe.evaluation;

import org.jspecify.annotations.NullMarked;
