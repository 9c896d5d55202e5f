/**
 * Calls come in: what telephony platforms say over sockets becomes chunks on the audio topic.
 *
 * <p>A {@link io.kscribe.gateway.Conversation} speaks a platform's protocol and knows no socket; nothing here knows the command line, a
 * model or the console.
 */
@NullMarked
package io.kscribe.gateway;

import org.jspecify.annotations.NullMarked;
