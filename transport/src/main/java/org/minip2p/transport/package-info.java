/**
 * TCP on Netty: dials, listens, and looks up names.
 *
 * <p>A host does all this for its application. Begin with {@link IoBackend}, which is what an application chooses: NIO, epoll, io_uring or
 * kqueue. When a dial fails, the {@link TransportException} says why. An application that needs
 * sockets without a host begins with {@link TcpTransport}.
 *
 * @serial exclude
 */
@NullMarked
package org.minip2p.transport;

import org.jspecify.annotations.NullMarked;
