/**
 * The contract of kscribe's topics: the records' classes, generated from the Avro schemas, and the serdes that put them on
 * the wire. What a producer or a consumer needs lives here; nothing of audio, models or streams may, so that this module
 * can be embedded anywhere under its own licence (Apache-2.0).
 */
@NullMarked
package io.kscribe.schema;

import org.jspecify.annotations.NullMarked;
