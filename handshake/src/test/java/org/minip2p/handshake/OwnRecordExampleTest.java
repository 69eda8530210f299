package org.minip2p.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.minip2p.host.Host;

class OwnRecordExampleTest {
    @Test
    void standsInTheDocumentationAsItIs() throws Exception {
        String source = Files.readString(Path.of("src/test/java/org/minip2p/handshake/OwnRecordExample.java"));
        String shown = source.substring(source.indexOf("/** An application"));

        assertThat(source.lines()).hasSizeLessThan(60);
        assertThat(Files.readString(Path.of("../docs/handshake.md"))).contains(shown);
    }

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
