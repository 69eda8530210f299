package org.minip2p.cli;

import org.minip2p.core.Printable;
import org.minip2p.core.Role;
import org.minip2p.host.Connection;
import org.minip2p.host.Host;
import org.minip2p.host.HostEvent;
import org.minip2p.host.HostListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the events of a host, one line each. */
final class EventLog implements HostListener {
    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

    @Override
    public void onEvent(Host host, HostEvent event) {
        if (event instanceof HostEvent.ConnectionEstablished established) {
            Connection connection = established.connection();
            LOG.info(
                    "connection={} established peer={} address={} dialed={} numEstablished={}",
                    connection.id(),
                    connection.remotePeer(),
                    connection.remoteAddress(),
                    connection.role() == Role.INITIATOR,
                    established.numEstablished());
        } else if (event instanceof HostEvent.ConnectionClosed closed) {
            LOG.info(
                    "connection={} closed peer={} cause={} numEstablished={}",
                    closed.connection().id(),
                    closed.connection().remotePeer(),
                    Printable.of(closed.cause().toString()),
                    closed.numEstablished());
        } else if (event instanceof HostEvent.OutgoingConnectionFailed failed) {
            LOG.info("dial failed address={} error={}", failed.address(), Printable.of(Failures.text(failed.error())));
        } else if (event instanceof HostEvent.IncomingConnectionFailed failed) {
            LOG.info(
                    "accepted socket failed address={} error={}",
                    failed.remoteAddress(),
                    Printable.of(Failures.text(failed.error())));
        } else {
            throw new IllegalArgumentException("unknown event " + event);
        }
    }
}
