/**
 * From a published Whisper checkpoint to two ONNX graphs made for streaming: weights are read into neutral names, checked against
 * the configuration, and written as an encoder and a decoder graph. Runs once a checkpoint; nothing here decodes audio.
 */
@NullMarked
package io.kscribe.compiler;

import org.jspecify.annotations.NullMarked;
