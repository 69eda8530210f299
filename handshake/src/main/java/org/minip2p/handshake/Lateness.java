package org.minip2p.handshake;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which side caused an exchange to miss its deadline. */
final class Lateness {
    private static final Logger LOG = LoggerFactory.getLogger(NodeInfoHandshake.class);

    private Lateness() {}

    /**
     * The failure of an exchange whose deadline has passed.
     *
     * @param own knows whether this has been logged
     * @param deadline the length of the deadline
     * @param questions the questions to our own application
     * @return {@link LocalFaultException} when the application has not answered one of them, otherwise
     *     {@link TimeoutException}
     */
    @SafeVarargs
    @SuppressWarnings("varargs")
    static Exception of(OwnSide own, Duration deadline, @Nullable CompletableFuture<?>... questions) {
        for (CompletableFuture<?> question : questions) {
            if (question != null && !question.isDone()) {
                if (own.isFirstLate()) {
                    LOG.error(
                            "application did not supply its own info within {}: exchanges fail until it does",
                            deadline);
                }
                return new LocalFaultException("the application did not supply its own info within " + deadline);
            }
        }
        return new TimeoutException("not within " + deadline);
    }
}
