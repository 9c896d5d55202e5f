/**
 * kscribe on Kafka: its topics, its connection, the topology and what feeds it.
 *
 * <p>No command line, no terminal, no model internals in here.
 */
@NullMarked
package io.kscribe.stream;

import org.jspecify.annotations.NullMarked;
