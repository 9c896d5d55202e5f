/**
 * The engine: from one window of log-mel audio to text, with word times and confidence. It runs compiled graphs under ONNX
 * Runtime and knows Whisper's decoding rules; it knows nothing of streams, silence detection or files.
 */
@NullMarked
package io.kscribe.engine;

import org.jspecify.annotations.NullMarked;
