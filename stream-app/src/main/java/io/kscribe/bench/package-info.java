/**
 * Live load against a deployment, and what comes of it: who speaks when, chunks paced in real time, what readers of the topics see.
 *
 * <p>No command line and no engine in here; the service that is measured is another process.
 */
@NullMarked
package io.kscribe.bench;

import org.jspecify.annotations.NullMarked;
