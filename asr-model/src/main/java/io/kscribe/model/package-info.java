/**
 * Model files on disk: where they come from, how they are checked, and how they are put in place whole or not at all.
 * Graphs, tensors and audio do not belong here: this package moves bytes and knows their names, not their meaning.
 */
@NullMarked
package io.kscribe.model;

import org.jspecify.annotations.NullMarked;
