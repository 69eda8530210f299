package org.minip2p.core.config;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one class of {@link Config}, in the order of their declaration. The class declares each through {@link #add} in its
 * static initializer, and then calls {@link #defaults} once; after that this is immutable.
 */
public final class Settings {
    private final Map<String, Setting<?>> byName = new LinkedHashMap<>();
    private boolean complete;

    /** No settings yet. */
    public Settings() {}

    /**
     * Adds a setting: a new one, or one of a lower layer, which {@link Config#withSettingsOf} passes to it.
     *
     * @param <T> the type of its values
     * @param setting the setting
     * @return the same
     * @throws IllegalStateException when there is one with that name, or {@link #defaults} has been called
     */
    public <T extends Comparable<T>> Setting<T> add(Setting<T> setting) {
        if (complete) {
            throw new IllegalStateException(setting + " is declared behind the defaults");
        }
        if (byName.putIfAbsent(setting.name(), setting) != null) {
            throw new IllegalStateException("two settings are named " + setting);
        }
        return setting;
    }

    /** {@return the default of each; no setting can be added afterwards} */
    public SettingValues defaults() {
        complete = true;
        Map<Setting<?>, Object> values = new HashMap<>();
        for (Setting<?> setting : byName.values()) {
            values.put(setting, setting.defaultValue());
        }
        return new SettingValues(this, values);
    }

    List<Setting<?>> list() {
        return List.copyOf(byName.values());
    }

    Setting<?> named(String name) {
        @Nullable Setting<?> setting = byName.get(name);
        if (setting == null) {
            throw unknown(name);
        }
        return setting;
    }

    IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("no setting " + name + "; there are " + String.join(", ", byName.keySet()));
    }
}
