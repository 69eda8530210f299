package org.slf4j.simple;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Captures the lines of one logger, from trace on, until it is closed. It is in this package because only this package
 * can set the level.
 */
public final class CapturedLog implements AutoCloseable {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream before = System.err;
    private final SimpleLogger logger;
    private final int levelBefore;

    /** Starts to capture. */
    public CapturedLog(Class<?> of) {
        logger = (SimpleLogger) LoggerFactory.getLogger(of);
        levelBefore = logger.currentLogLevel;
        logger.currentLogLevel = SimpleLogger.LOG_LEVEL_TRACE;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    /** The captured lines: level, logger, text. */
    public List<String> lines() {
        return said.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.substring(line.indexOf(']') + 1).strip())
                .toList();
    }

    @Override
    public void close() {
        System.setErr(before);
        logger.currentLogLevel = levelBefore;
    }
}
