/** Placeholder. */
package io.kscribe.audio;
