package org.minip2p.handshake;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whose fault it is that an exchange was not made within its deadline. */
final class Lateness {
    private static final Logger LOG = LoggerFactory.getLogger(NodeInfoHandshake.class);

    private Lateness() {}

    /**
     * The failure of an exchange whose deadline has passed.
     *
     * @param own knows whether that has been logged
     * @param deadline how long it was
     * @param questions to our own application, those that were asked
     * @return {@link LocalFaultException} when one of them is not answered, otherwise {@link TimeoutException}
     */
    @SafeVarargs
    @SuppressWarnings("varargs")
    static Exception of(OwnSide own, Duration deadline, @Nullable CompletableFuture<?>... questions) {
        for (CompletableFuture<?> question : questions) {
            if (question != null && !question.isDone()) {
                if (own.isFirstLate()) {
                    LOG.error("application did not say its side within {}: exchanges fail until it does", deadline);
                }
                return new LocalFaultException("the application did not say its side within " + deadline);
            }
        }
        return new TimeoutException("not within " + deadline);
    }
}
