package org.minip2p.core.testing;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.simple.SimpleLogger;

/** Captures everything that some classes log, down to trace, until it is closed. */
public final class LogCapture implements AutoCloseable {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<Logger, Integer> levels = new HashMap<>();

    /** Starts the capture. */
    public LogCapture(Class<?>... logging) throws ReflectiveOperationException {
        for (Class<?> type : logging) {
            Logger logger = LoggerFactory.getLogger(type);
            levels.put(logger, level().getInt(logger));
            level().setInt(logger, Level.TRACE.toInt());
        }
        System.setErr(new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    /** The field for the level. The logger of the tests has no method to set its level later. */
    private static Field level() throws ReflectiveOperationException {
        Field level = SimpleLogger.class.getDeclaredField("currentLogLevel");
        level.setAccessible(true);
        return level;
    }

    /** The texts of the lines of this level, without level and class. */
    public List<String> lines(Level level) {
        String mark = " " + level + " org.minip2p.";
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(mark))
                .map(line -> line.substring(line.indexOf(" - ") + 3))
                .toList();
    }

    /** The lines without a level: parts of a text with line breaks, or of a stack trace. */
    public List<String> otherLines() {
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.contains(" org.minip2p."))
                .toList();
    }

    @Override
    public void close() throws ReflectiveOperationException {
        System.setErr(before);
        for (Map.Entry<Logger, Integer> entry : levels.entrySet()) {
            level().setInt(entry.getKey(), entry.getValue());
        }
    }
}
