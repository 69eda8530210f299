package org.minip2p.cli;

/** Sets up slf4j-simple, which reads its settings when the first logger is created. */
final class Logging {
    private static final String PREFIX = "org.slf4j.simpleLogger.";

    private Logging() {}

    /**
     * Sets what is logged to standard error. Must be called before the first logger is created; later it has no effect.
     *
     * @param verbose whether to log all events of a host, or only those on which its operator must act
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
