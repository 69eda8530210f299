package org.minip2p.cli;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.minip2p.host.Host;
import org.minip2p.host.HostObserver;
import org.minip2p.metrics.HostMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The figures of a node: a page for Prometheus, lines in the log. Counts only what one of these needs. Not thread-safe. */
final class NodeFigures implements AutoCloseable {
    private @Nullable PrometheusMeterRegistry registry;
    private final List<AutoCloseable> open = new ArrayList<>();

    /**
     * The observers that the host needs.
     *
     * @param page whether a page will be served
     * @param log whether lines will be logged
     */
    List<HostObserver> observers(boolean page, boolean log) {
        if (page) {
            PrometheusMeterRegistry made = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            registry = made;
            return List.of(HostMetrics.in(made));
        }
        return log ? List.of(new HostObserver() {}) : List.of(); // bytes are counted only with an observer
    }

    /** Serves the page; returns its address. */
    String serve(int port) throws CommandFailedException {
        PrometheusMeterRegistry scraped = registry;
        if (scraped == null) {
            throw new IllegalStateException("a page without the observer that fills it");
        }
        MetricsPage page = MetricsPage.start(port, scraped::scrape);
        open.add(page);
        return page.url();
    }

    /** Logs a line at intervals. */
    void log(Host host, Duration interval) {
        Logger log = LoggerFactory.getLogger(NodeFigures.class);
        open.add(new FiguresLog(host::figures, interval, log::info));
    }

    @Override
    public void close() {
        for (AutoCloseable each : open) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("ending threads threw an exception", e);
            }
        }
        if (registry != null) {
            registry.close();
        }
    }
}
