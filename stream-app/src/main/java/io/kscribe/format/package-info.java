/**
 * How transcripts are written down: as text, subtitles and JSON.
 *
 * <p>Strings and bytes only: no Kafka, no terminal, no web server in here.
 */
@NullMarked
package io.kscribe.format;

import org.jspecify.annotations.NullMarked;
