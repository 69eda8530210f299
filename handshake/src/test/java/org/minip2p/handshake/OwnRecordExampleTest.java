package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.minip2p.host.Host;

class OwnRecordExampleTest {
    @Test
    void exchangesARecordOfTheApplication() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (Host here = Node.bareHost();
                Host there = Node.bareHost()) {
            OwnRecordExample hello = new OwnRecordExample(here, "hello", threads);
            OwnRecordExample goodDay = new OwnRecordExample(there, "good day", threads);

            assertThat(hello.greet(Node.get(Node.startDialing(here, there)))).isEqualTo("good day");
            assertThat(goodDay.greet(Node.get(Node.startDialing(there, here)))).isEqualTo("hello");
        } finally {
            threads.shutdownNow();
        }
    }
}
