package org.minip2p.core.config;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A value for each of some {@link Settings}, which a {@link Config} passes to its copies. Immutable. */
public final class SettingValues {
    private final Settings settings;

    /** Never changed, and never iterated where order shows: settings hash by identity. */
    private final Map<Setting<?>, Object> values;

    SettingValues(Settings settings, Map<Setting<?>, Object> values) {
        this.settings = settings;
        this.values = values;
    }

    Settings settings() {
        return settings;
    }

    <T extends Comparable<T>> T get(Setting<T> setting) {
        return setting.cast(valueOf(setting));
    }

    <T extends Comparable<T>> SettingValues with(Setting<T> setting, T value) {
        valueOf(setting);
        return replaced(setting, setting.checked(value));
    }

    SettingValues with(String name, String text) {
        Setting<?> setting = settings.named(name);
        return replaced(setting, setting.parse(text));
    }

    SettingValues withSettingsOf(SettingValues other) {
        Map<Setting<?>, Object> changed = new HashMap<>(values);
        changed.replaceAll((setting, value) -> other.values.getOrDefault(setting, value));
        return new SettingValues(settings, changed);
    }

    private Object valueOf(Setting<?> setting) {
        @Nullable Object value = values.get(setting);
        if (value == null) {
            throw settings.unknown(setting.name());
        }
        return value;
    }

    private SettingValues replaced(Setting<?> setting, Object value) {
        Map<Setting<?>, Object> changed = new HashMap<>(values);
        changed.put(setting, value);
        return new SettingValues(settings, changed);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SettingValues that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** All values, as {@code [maxConnections=1024, …]}. */
    @Override
    public String toString() {
        return settings.list().stream()
                .map(setting -> setting + "=" + setting.print(valueOf(setting)))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
