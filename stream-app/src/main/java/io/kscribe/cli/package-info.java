/**
 * The command line: parsing, printing, exit statuses, the terminal.
 *
 * <p>Commands are thin: what they do lives in {@code io.kscribe.stream} and the other modules, and nothing there may depend on
 * this package.
 */
@NullMarked
package io.kscribe.cli;

import org.jspecify.annotations.NullMarked;
