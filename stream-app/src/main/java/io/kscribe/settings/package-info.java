/**
 * Settings by their names, wherever they are given: the file, the environment, the command line.
 *
 * <p>Knows no setting itself: the command line says which there are.
 */
@NullMarked
package io.kscribe.settings;

import org.jspecify.annotations.NullMarked;
