/**
 * What the operating system asks of a process. Programs use it; nothing here ends a process or knows what one does.
 */
@NullMarked
package io.kscribe.process;

import org.jspecify.annotations.NullMarked;
