/**
 * Decides which side starts the node-info handshake, and what to report: a pure function from the state of one peer and an
 * event to the new state and the actions. No clock, no I/O, no log.
 *
 * <p>Begin reading with {@link HandshakeRule}.
 */
@NullMarked
package org.minip2p.handshake.rule;

import org.jspecify.annotations.NullMarked;
