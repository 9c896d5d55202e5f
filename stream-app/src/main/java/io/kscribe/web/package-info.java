/**
 * The web server: its address, its limits, and who may come in.
 *
 * <p>What is behind its doors is brought along by others as {@link io.kscribe.web.Routes}; no Kafka, no audio in here.
 */
@NullMarked
package io.kscribe.web;

import org.jspecify.annotations.NullMarked;
