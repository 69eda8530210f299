package org.slf4j.simple;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What one logger says, from trace on, while this is open. In this package since the level can be set from nowhere else. */
public final class CapturedLog implements AutoCloseable {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final PrintStream before = System.err;
    private final SimpleLogger logger;
    private final int levelBefore;

    /** Begins to listen. */
    public CapturedLog(Class<?> of) {
        logger = (SimpleLogger) LoggerFactory.getLogger(of);
        levelBefore = logger.currentLogLevel;
        logger.currentLogLevel = SimpleLogger.LOG_LEVEL_TRACE;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    /** Each line: level, logger, text. */
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
