/**
 * Ping, identify and perf, built on the public API of the host.
 *
 * <p>Begin with {@link Ping#install}, {@link Identify#install} or {@link Perf#install}: from then on the host answers, and the object that
 * they return asks peers. They are also examples of how to write a protocol.
 *
 * @serial exclude
 */
@NullMarked
package org.minip2p.protocols;

import org.jspecify.annotations.NullMarked;
