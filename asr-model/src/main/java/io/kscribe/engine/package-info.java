/** Placeholder. */
package io.kscribe.engine;
