package org.minip2p.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.minip2p.core.config.Setting;
import org.minip2p.host.HostConfig;

class SettingsPageTest {
    private static final Path PAGE = Path.of("settings.md");

    @Test
    void thePageSaysWhatTheDeclarationsSay() throws IOException {
        String page = write();
        if (Boolean.getBoolean("pages.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE)
                .as("run mvn -Pformat verify to write it again")
                .exists()
                .content()
                .isEqualTo(page);
    }

    /** An IDE and the Javadoc show the comment, and {@code minip2p settings} shows the text: both must be the same. */
    @Test
    void theJavadocOfEachConstantIsItsText() throws IOException, IllegalAccessException {
        String source = Files.readString(
                        Path.of("..", "host", "src", "main", "java", "org", "minip2p", "host", "HostConfig.java"))
                .replaceAll("\\s+\\*(?!/) ?|\\s+", " ");
        int settings = 0;
        for (Field constant : HostConfig.class.getFields()) {
            if (constant.get(null) instanceof Setting<?> setting) {
                settings++;
                String type = setting.defaultValue().getClass().getSimpleName();
                assertThat(source)
                        .contains("/** " + setting.text() + " */ public static final Setting<" + type + "> "
                                + constant.getName());
            }
        }
        assertThat(settings).isEqualTo(HostConfig.defaults().settings().size());
    }

    private static String write() {
        StringBuilder page = new StringBuilder("""
                # Settings

                The limits and time-outs of a host: constants of `HostConfig` (`idleTimeout` is `HostConfig.IDLE_TIMEOUT`), and keys of
                `--host-config KEY=VALUE`. A value out of its range is refused with an error that names the setting. The build makes this page from the
                declarations (`mvn -Pformat verify` writes it, `mvn verify` checks it); `minip2p settings` lists the same.

                | name | default | range | what it does |
                |---|---|---|---|
                """);
        for (Setting<?> setting : HostConfig.defaults().settings()) {
            page.append("| `")
                    .append(setting.name())
                    .append("` | ")
                    .append(setting.defaultText())
                    .append(" | ")
                    .append(setting.range())
                    .append(" | ")
                    .append(setting.text())
                    .append(" |\n");
        }
        return page.toString();
    }
}
