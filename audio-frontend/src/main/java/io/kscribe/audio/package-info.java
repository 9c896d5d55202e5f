/**
 * Everything between bytes and the recogniser's input: sample encodings, recordings in files, conversion to 16 kHz, and
 * the log-mel spectrogram. Pure signal processing lives here: no Kafka, no neural networks, no threads, no clock, and
 * nothing that knows what a call is.
 */
@NullMarked
package io.kscribe.audio;

import org.jspecify.annotations.NullMarked;
