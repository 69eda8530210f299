package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.minip2p.core.config.Config;
import org.minip2p.core.config.Setting;
import org.minip2p.multistream.MultistreamConfig;
import org.minip2p.yamux.YamuxConfig;

class HostConfigTest {
    private final HostConfig config = HostConfig.defaults();

    @Test
    void replacesOneValueByItsName() {
        HostConfig changed = config.with("idleTimeout", "500ms")
                .with("dialTimeout", "2m")
                .with("upgradeTimeout", "3s")
                .with("maxProposals", "4")
                .with("streamSendQueueBytes", "2MiB")
                .with("pipelining", "false");

        assertThat(changed.get(HostConfig.IDLE_TIMEOUT)).isEqualTo(Duration.ofMillis(500));
        assertThat(changed.get(HostConfig.DIAL_TIMEOUT)).isEqualTo(Duration.ofMinutes(2));
        assertThat(changed.get(HostConfig.UPGRADE_TIMEOUT)).isEqualTo(Duration.ofSeconds(3));
        assertThat(changed.get(HostConfig.MAX_PROPOSALS)).isEqualTo(4);
        assertThat(changed.get(HostConfig.STREAM_SEND_QUEUE_BYTES)).isEqualTo(2 << 20);
        assertThat(changed.get(HostConfig.PIPELINING)).isFalse();
        assertThat(changed.with(HostConfig.IDLE_TIMEOUT, config.get(HostConfig.IDLE_TIMEOUT))
                        .with(HostConfig.DIAL_TIMEOUT, config.get(HostConfig.DIAL_TIMEOUT))
                        .with(HostConfig.UPGRADE_TIMEOUT, config.get(HostConfig.UPGRADE_TIMEOUT))
                        .with(HostConfig.MAX_PROPOSALS, config.get(HostConfig.MAX_PROPOSALS))
                        .with(HostConfig.STREAM_SEND_QUEUE_BYTES, config.get(HostConfig.STREAM_SEND_QUEUE_BYTES))
                        .with(HostConfig.PIPELINING, true))
                .isEqualTo(config);
    }

    @ParameterizedTest
    @CsvSource({
        "noSuchSetting, 1, maxConnections",
        "maxProposals, many, whole number",
        "maxProposals, 0, 1 to 2147483647",
        "maxConnectionsPerPeer, 1, 2 to 2147483647",
        "idleTimeout, 5, 30s",
        "pipelining, yes, true or false",
    })
    void refusesWhatDoesNotFitAndSaysWhatWould(String name, String value, String expected) {
        assertThatThrownBy(() -> config.with(name, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(expected);
    }

    // A socket's connect time-out in milliseconds must fit into an int, and a timer's delay in nanoseconds into a long.
    @Test
    void refusesDurationsThatNoTimerCanTakeByTheNameOfTheSetting() {
        List<Setting<Duration>> durations = constants(HostConfig.class).values().stream()
                .filter(setting -> setting.defaultValue() instanceof Duration)
                .map(HostConfigTest::ofDuration)
                .toList();

        assertThat(durations).hasSizeGreaterThan(8);
        for (Setting<Duration> setting : durations) {
            for (Duration tooLong :
                    List.of(Duration.ofDays(25), Duration.ofDays(1).plusNanos(1), Duration.ofSeconds(Long.MAX_VALUE))) {
                assertThatThrownBy(() -> config.with(setting, tooLong))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(setting.name())
                        .hasMessageContaining("24h")
                        .hasMessageContaining(tooLong.toString());
            }
            assertThat(config.with(setting, Duration.ofDays(1)).get(setting)).isEqualTo(Duration.ofDays(1));
        }
    }

    @Test
    void listsEachConstantUnderItsOwnName() {
        for (Config<?> each : List.of(config, YamuxConfig.defaults(), MultistreamConfig.defaults())) {
            Map<String, Setting<?>> constants = constants(each.getClass());

            assertThat(each.settings()).containsExactlyInAnyOrderElementsOf(constants.values());
            constants.forEach((constant, setting) -> assertThat(
                            setting.name().replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT))
                    .isEqualTo(constant));
        }
    }

    @Test
    void everySettingHasASentenceAndADefaultThatReadsBack() {
        for (Setting<?> setting : config.settings()) {
            assertThat(setting.text()).as(setting.name()).matches("[A-Z].{10,120}\\.");
            assertThat(config.with(setting.name(), setting.defaultText())).isEqualTo(config);
        }
    }

    // Each setting is the same object, so its name, default, range and text cannot differ.
    @Test
    void hasTheSettingsOfTheLayersBelowThemselves() {
        List<Setting<?>> below = Stream.of(
                        YamuxConfig.defaults().settings(),
                        MultistreamConfig.defaults().settings())
                .flatMap(List::stream)
                .<Setting<?>>map(setting -> setting)
                .toList();

        assertThat(config.settings()).containsAll(below);
    }

    @Test
    void handsTheSettingsOfTheLayersBelowOn() {
        HostConfig changed = config.with(HostConfig.MAX_RESETS, 7)
                .with(HostConfig.CLOSE_TIMEOUT, Duration.ofSeconds(3))
                .with(HostConfig.MAX_PROPOSALS, 5);

        assertThat(YamuxConfig.defaults().withSettingsOf(changed))
                .isEqualTo(YamuxConfig.defaults()
                        .with(YamuxConfig.MAX_RESETS, 7)
                        .with(YamuxConfig.CLOSE_TIMEOUT, Duration.ofSeconds(3)));
        assertThat(MultistreamConfig.defaults().withSettingsOf(changed).get(MultistreamConfig.MAX_PROPOSALS))
                .isEqualTo(5);
    }

    @Test
    void printsEachValue() {
        assertThat(config.with(HostConfig.IDLE_TIMEOUT, Duration.ofMinutes(2)))
                .asString()
                .startsWith("HostConfig[maxConnections=1024, maxConnectionsPerPeer=2, ")
                .contains(", idleTimeout=2m, ")
                .contains(", maxStreamWindowBytes=16MiB, ")
                .endsWith(", pipelining=true, earlyMuxerNegotiation=true]");
    }

    private static Map<String, Setting<?>> constants(Class<?> config) {
        Map<String, Setting<?>> constants = new LinkedHashMap<>();
        try {
            for (Field field : config.getFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.get(null) instanceof Setting<?> setting) {
                    constants.put(field.getName(), setting);
                }
            }
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
        return constants;
    }

    @SuppressWarnings("unchecked")
    private static Setting<Duration> ofDuration(Setting<?> setting) {
        return (Setting<Duration>) setting;
    }
}
