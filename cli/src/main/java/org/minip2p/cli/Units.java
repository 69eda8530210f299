package org.minip2p.cli;

import java.util.Locale;

/** Formats numbers for people and programs. */
final class Units {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    private Units() {}

    /** Bytes in the largest unit that fits. */
    static String size(long bytes) {
        if (bytes >= GIB) {
            return decimal((double) bytes / GIB) + " GiB";
        }
        if (bytes >= MIB) {
            return decimal((double) bytes / MIB) + " MiB";
        }
        return bytes >= KIB ? decimal((double) bytes / KIB) + " KiB" : bytes + " B";
    }

    /** A rate with its unit. */
    static String rate(double mibPerSecond) {
        return decimal(mibPerSecond) + " MiB/s";
    }

    /** Microseconds, or milliseconds if they are easier to read. */
    static String time(double micros) {
        return micros < 10_000 ? decimal(micros) + " µs" : decimal(micros / 1000) + " ms";
    }

    /** Nanoseconds as microseconds, to a tenth. */
    static double micros(long nanos) {
        return Math.round(nanos / 100.0) / 10.0;
    }

    /** Bytes in a time as a rate, to a tenth. */
    static double mibPerSecond(long bytes, long nanos) {
        double seconds = Math.max(nanos, 1) / 1e9;
        return Math.round(bytes / seconds / MIB * 10.0) / 10.0;
    }

    /** With one digit after the point, unless it is a zero. */
    private static String decimal(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
