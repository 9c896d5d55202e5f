/**
 * What several packages' tests share: real models and recordings, opened once, and a whole checkpoint small enough to be made on
 * the spot. Nothing here asserts.
 */
@NullMarked
package io.kscribe.testing;

import org.jspecify.annotations.NullMarked;
