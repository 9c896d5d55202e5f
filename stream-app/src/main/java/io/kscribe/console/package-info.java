/**
 * What people watch calls with: recent transcripts in memory, served over HTTP, and the page that shows them.
 *
 * <p>Only reads from Kafka. Who may come in is {@code io.kscribe.web}'s business, how audio comes in {@code io.kscribe.gateway}'s.
 */
@NullMarked
package io.kscribe.console;

import org.jspecify.annotations.NullMarked;
