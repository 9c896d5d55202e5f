/**
 * Limits by their names: what the settings of every room have in common.
 *
 * <p>Knows no limit itself.
 */
@NullMarked
package io.kscribe.limits;

import org.jspecify.annotations.NullMarked;
