package org.minip2p.handshake;

/**
 * The result of an exchange whose other side was read and accepted.
 *
 * @param theirs the peer's node info
 * @param asks the count of the application's asks when our own info for this exchange was read
 */
record Verified(NodeInfo theirs, long asks) {}
