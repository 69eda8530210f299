/**
 * One connection: before the host has decided on it, while it is used, and at its end.
 *
 * <p>Begin reading with {@link EstablishedConnection}: a connection in use; {@link UndecidedConnection} comes before it.
 */
@NullMarked
package org.minip2p.host.connections;

import org.jspecify.annotations.NullMarked;
