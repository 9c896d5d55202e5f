/**
 * How right transcripts are: normalisation of text, error rates, manifests of recordings whose words are known.
 *
 * <p>It compares text with text and prepares audio; it decodes nothing and prints nothing, so it may know neither the engine nor the
 * recogniser.
 */
@NullMarked
package io.kscribe.evaluation;

import org.jspecify.annotations.NullMarked;
