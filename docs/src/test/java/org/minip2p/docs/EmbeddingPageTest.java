package org.minip2p.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingPageTest {
    private static final Pattern EXAMPLE = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final String CLASS = """
            import java.net.*;
            import java.nio.file.Path;
            import java.time.Duration;
            import java.util.*;
            import org.minip2p.core.*;
            import org.minip2p.host.*;
            import org.minip2p.protocols.*;

            class Example%d {
                void example(Host host, HostBuilder builder, PeerId peer) throws Exception {
            %s
                }
            }
            """;

    @Test
    void eachExampleCompilesAsItStands(@TempDir Path folder) throws IOException {
        Matcher examples = EXAMPLE.matcher(Files.readString(Path.of("embedding.md")));
        List<String> arguments = new ArrayList<>(
                List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", folder.toString()));
        int count = 0;
        while (examples.find()) {
            count++;
            Path source = folder.resolve("Example" + count + ".java");
            Files.writeString(source, CLASS.formatted(count, examples.group(1)));
            arguments.add(source.toString());
        }
        assertThat(count).isGreaterThanOrEqualTo(3);
        ByteArrayOutputStream errors = new ByteArrayOutputStream();

        int result = ToolProvider.getSystemJavaCompiler().run(null, null, errors, arguments.toArray(String[]::new));

        assertThat(result).as(errors.toString(StandardCharsets.UTF_8)).isZero();
    }
}
