package io.kscribe.engine;

import ai.onnxruntime.OrtException;

/** A way from the opening of a decoding to its text. */
interface Search {
    /** Writes a text: one that has ended, or that a limit or a loop has stopped. */
    Text run(Opening opening) throws OrtException;
}
