package org.minip2p.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConfigTest {
    private static final class Below extends Config<Below> {
        private static final Settings SETTINGS = new Settings();
        static final Setting<Integer> SHARED = SETTINGS.add(Setting.count("shared", 5, 1, "Shared."));
        static final Setting<Integer> OWN = SETTINGS.add(Setting.count("own", 6, 1, "Own."));
        private static final Below DEFAULTS = new Below(SETTINGS.defaults());

        private Below(SettingValues values) {
            super(values);
        }

        @Override
        protected Below copy(SettingValues values) {
            return new Below(values);
        }
    }

    private static final class Above extends Config<Above> {
        private static final Settings SETTINGS = new Settings();
        static final Setting<Long> SIZE = SETTINGS.add(Setting.bytes("size", 1 << 20, 1, "Size."));
        static final Setting<Duration> WAIT =
                SETTINGS.add(Setting.duration("wait", Duration.ofSeconds(90), Duration.ZERO, "Wait."));
        static final Setting<Boolean> SWITCH = SETTINGS.add(Setting.flag("switch", true, "Switch."));
        static final Setting<Integer> SHARED = SETTINGS.add(Below.SHARED);
        private static final Above DEFAULTS = new Above(SETTINGS.defaults());

        private Above(SettingValues values) {
            super(values);
        }

        @Override
        protected Above copy(SettingValues values) {
            return new Above(values);
        }
    }

    private final Above config = Above.DEFAULTS;

    @Test
    void startsWithTheDefaults() {
        assertThat(config.get(Above.SIZE)).isEqualTo(1 << 20);
        assertThat(config.get(Above.WAIT)).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.get(Above.SWITCH)).isTrue();
    }

    @Test
    void aChangeIsSeenInTheCopyAlone() {
        Above changed = config.with(Above.SIZE, 7L).with("switch", "false");

        assertThat(changed.get(Above.SIZE)).isEqualTo(7);
        assertThat(changed.get(Above.SWITCH)).isFalse();
        assertThat(changed.get(Above.WAIT)).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.get(Above.SIZE)).isEqualTo(1 << 20);
        assertThat(config.get(Above.SWITCH)).isTrue();
    }

    @Test
    void equalsOneWithTheSameValues() {
        Above changed = config.with(Above.SIZE, 7L);

        assertThat(changed).isNotEqualTo(config).isEqualTo(config.with("size", "7"));
        assertThat(changed).hasSameHashCodeAs(config.with("size", "7"));
        assertThat(changed.hashCode()).isNotEqualTo(config.hashCode());
        assertThat(changed.with(Above.SIZE, 1L << 20)).isEqualTo(config);
        assertThat(config).isNotEqualTo(Below.DEFAULTS);
    }

    @Test
    void listsAndPrintsItsSettingsInTheOrderOfTheirDeclaration() {
        assertThat(config.settings()).containsExactly(Above.SIZE, Above.WAIT, Above.SWITCH, Above.SHARED);
        assertThat(config.with(Above.SHARED, 9)).hasToString("Above[size=1MiB, wait=90s, switch=true, shared=9]");
    }

    @Test
    void refusesASettingThatIsNotItsOwnAndNamesThoseThatAre() {
        Setting<Integer> namesake = Setting.count("shared", 5, 1, "Another one.");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.get(Below.OWN))
                .withMessage("no setting own; there are size, wait, switch, shared");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.with(Below.OWN, 7))
                .withMessageContaining("no setting own");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.with("Size", "7"))
                .withMessageContaining("no setting Size");
        assertThatIllegalArgumentException().isThrownBy(() -> config.with(namesake, 7));
    }

    @Test
    void refusesValuesOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.with(Above.SIZE, 0L))
                .withMessage("size: expected bytes such as 65536, 256KiB or 16MiB, 1 to 1TiB, but got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.with(Above.WAIT, Duration.ofHours(25)))
                .withMessage("wait: expected a time such as 30s, 500ms or 2m, 0s to 24h, but got PT25H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.with("shared", "0"))
                .withMessage("shared: expected a whole number, 1 to 2147483647, but got 0");
    }

    @Test
    void takesWhatItSharesFromAnotherConfig() {
        Above above = config.with(Above.SHARED, 9).with(Above.SIZE, 7L);

        Below below = Below.DEFAULTS.with(Below.OWN, 8).withSettingsOf(above);

        assertThat(below.get(Below.SHARED)).isEqualTo(9);
        assertThat(below.get(Below.OWN)).isEqualTo(8);
        assertThat(below.settings()).containsExactly(Below.SHARED, Below.OWN);
    }

    @Test
    void hasASettingFromItsDeclarationOn() {
        Settings settings = new Settings();
        Setting<Integer> declared = Setting.count("declared", 3, 1, "Declared.");

        assertThat(settings.add(declared)).isSameAs(declared);
        assertThat(new Below(settings.defaults()).get(declared)).isEqualTo(3);
    }

    @Test
    void refusesTwoSettingsOfOneNameAndOnesBehindTheDefaults() {
        Settings settings = new Settings();
        settings.add(Setting.flag("on", true, "On."));

        assertThatThrownBy(() -> settings.add(Setting.count("on", 1, 1, "On.")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("two settings are named on");
        settings.defaults();
        assertThatThrownBy(() -> settings.add(Setting.flag("late", true, "Late.")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("late");
    }
}
