/**
 * The metrics of a host in Micrometer.
 *
 * <p>Begin with {@link HostMetrics#in}, and give the result to {@link org.minip2p.host.HostBuilder#observer}. {@link HandshakeMetrics} does
 * the same for the node-info handshake.
 */
@NullMarked
package org.minip2p.metrics;

import org.jspecify.annotations.NullMarked;
