/**
 * What an operator asks of a running process: whether it lives and is ready, and what it has done, for Kubernetes and Prometheus.
 *
 * <p>Each part of kscribe binds its own meters; nothing here knows what they mean.
 */
@NullMarked
package io.kscribe.operations;

import org.jspecify.annotations.NullMarked;
