package org.minip2p.transport;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks for the TXT records of a name. */
interface TxtRecords {
    /** A question on its way. */
    interface Question {
        /**
         * The text of each record, its strings joined; what is no text comes as it may. Fails with whatever went wrong, and perhaps never
         * completes.
         */
        CompletableFuture<List<String>> answer();

        /** Lets go of the sockets. The answer may be there or not; it may be called twice, from any thread. */
        void close();
    }

    /**
     * Asks, without waiting for the answer. May throw anything.
     *
     * @param name without a dot at its end
     */
    Question ask(String name);
}
