package io.kscribe.format;

import io.kscribe.recognizer.RecognitionResult;
import org.jspecify.annotations.Nullable;

/**
 * What was said in one stretch of speech.
 *
 * @param channel of the recording or call
 * @param speaker who speaks there, to be written before the text; null to write the text alone
 * @param result the text and its times
 */
public record Segment(int channel, @Nullable String speaker, RecognitionResult result) {}
