/**
 * Who starts the node-info handshake, and what is told of it: a pure function from what is known about one peer and an event to
 * what is known then and what is to be done. No clock, no I/O, no log.
 */
@NullMarked
package org.minip2p.handshake.rule;

import org.jspecify.annotations.NullMarked;
