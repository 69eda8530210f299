package org.minip2p.simulation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Receives the log of the simulated hosts. Warnings and errors go to the trace of the current world; errors, and all of Netty's warnings,
 * count as faults of the stack. SLF4J creates an instance, by the name in {@code META-INF/services}.
 */
public final class SimulationLogs implements SLF4JServiceProvider, ILoggerFactory {
    /** The world that runs in this thread. */
    private static final ThreadLocal<@Nullable World> CURRENT = new ThreadLocal<>();

    private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter context = new NOPMDCAdapter();

    /** Called by SLF4J. */
    public SimulationLogs() {}

    /** Sets the world that receives what this thread logs from now on; null for none. */
    static void of(@Nullable World world) {
        CURRENT.set(world);
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return this;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return context;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {
        // there is nothing to read
    }

    @Override
    public Logger getLogger(String name) {
        return loggers.computeIfAbsent(name, ToTheWorld::new);
    }

    private static final class ToTheWorld extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1;

        ToTheWorld(String name) {
            this.name = name;
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return false;
        }

        @Override
        public boolean isWarnEnabled() {
            return CURRENT.get() != null;
        }

        @Override
        public boolean isErrorEnabled() {
            return CURRENT.get() != null;
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String pattern,
                Object @Nullable [] arguments,
                @Nullable Throwable thrown) {
            World world = CURRENT.get();
            if (world == null) {
                return;
            }
            String text = level + " " + name + ": " + MessageFormatter.basicArrayFormat(pattern, arguments);
            // Netty warns of what must not happen: a listener threw, or an exception reached the end of a pipeline.
            boolean isNettys = name.startsWith("io.netty.") && !name.startsWith("io.netty.util.internal");
            if (isNettys || level == Level.ERROR) {
                world.logged(text, thrown);
            } else {
                world.note("log", text);
            }
        }
    }
}
