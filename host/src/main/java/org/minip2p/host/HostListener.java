package org.minip2p.host;

/** Is told what happens on a host. */
@FunctionalInterface
public interface HostListener {
    /**
     * Called on the executor of the application; see {@link Host#addListener}. Whatever it
     * throws is logged and does no harm to the host.
     *
     * @param event what happened
     */
    void onEvent(HostEvent event);
}
