package org.minip2p.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.minip2p.core.config.Setting;
import org.minip2p.host.HostConfig;

class SettingsCommandTest {
    private static final List<Setting<?>> SETTINGS = HostConfig.defaults().settings();

    @Test
    void listsEachSettingWithItsDefaultRangeAndText() {
        Run run = Run.of("settings");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).hasSize(2 * SETTINGS.size());
        for (int i = 0; i < SETTINGS.size(); i++) {
            Setting<?> setting = SETTINGS.get(i);
            assertThat(run.out().get(2 * i))
                    .startsWith(setting.name() + "=" + setting.defaultText() + " ")
                    .endsWith("(" + setting.range() + ")");
            assertThat(run.out().get(2 * i + 1).strip()).isEqualTo(setting.text());
        }
        assertThat(run.out()).contains("    How long one dial may take, including all its addresses.");
    }

    @Test
    void listsEachSettingForPrograms() {
        Run run = Run.of("settings", "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).hasSize(1);
        assertThat(run.result())
                .containsOnly(Map.entry(
                        "settings",
                        SETTINGS.stream()
                                .map(setting -> Map.of(
                                        "name", setting.name(),
                                        "default", setting.defaultText(),
                                        "range", setting.range(),
                                        "text", setting.text()))
                                .toList()));
    }

    @Test
    void everyLineIsWhatHostConfigTakes() {
        HostConfig config = HostConfig.defaults();

        for (String line : Run.of("settings").out()) {
            if (!line.startsWith(" ")) {
                String[] setting = line.substring(0, line.indexOf(' ')).split("=", 2);
                config = config.with(setting[0], setting[1]);
            }
        }

        assertThat(config).isEqualTo(HostConfig.defaults());
    }
}
