/**
 * Values in the wire format of schema registries: a zero, the schema's number in the registry, the record in Avro's binary encoding.
 *
 * <p>The only room that knows Apicurio. No topics, no topology in here.
 */
@NullMarked
package io.kscribe.registry;

import org.jspecify.annotations.NullMarked;
