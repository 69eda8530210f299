package org.minip2p.handshake;

/**
 * An exchange whose other side was read and accepted.
 *
 * @param theirs the peer's node info
 * @param asks how often the application had asked for exchanges when our own info for this one was read
 */
record Verified(NodeInfo theirs, long asks) {}
