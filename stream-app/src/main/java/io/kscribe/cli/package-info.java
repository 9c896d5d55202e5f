/** Placeholder. */
package io.kscribe.cli;
