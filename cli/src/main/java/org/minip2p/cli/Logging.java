package org.minip2p.cli;

/** Sets up slf4j-simple, which reads its settings when the first logger is made. */
final class Logging {
    private static final String PREFIX = "org.slf4j.simpleLogger.";

    private Logging() {}

    /**
     * Sets what is logged to standard error. Must come before the first logger; later it has no effect.
     *
     * @param verbose whether everything that happens on a host, or only what its operator must act on
     */
    static void configure(boolean verbose) {
        System.setProperty(PREFIX + "defaultLogLevel", "error");
        System.setProperty(PREFIX + "log.org.minip2p", verbose ? "debug" : "warn");
        System.setProperty(PREFIX + "showDateTime", "true");
        System.setProperty(PREFIX + "dateTimeFormat", "HH:mm:ss.SSS");
        System.setProperty(PREFIX + "showThreadName", "false");
        System.setProperty(PREFIX + "showShortLogName", "true");
    }
}
