package org.minip2p.core.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configuration: a value for each of its settings, which are constants of the subclass.
 *
 * <pre>{@code
 * HostConfig config = HostConfig.defaults().with(HostConfig.MAX_CONNECTIONS, 16);
 * int most = config.get(HostConfig.MAX_CONNECTIONS);
 * }</pre>
 *
 * <p>Immutable. {@link #get} reads a map: keep a value that is needed for each frame in a field.
 *
 * @param <C> the subclass
 */
// A base class, since composition would repeat each of these methods in every kind of configuration.
public abstract class Config<C extends Config<C>> {
    private final SettingValues values;

    /**
     * A configuration with these values.
     *
     * @param values the value of each setting
     */
    protected Config(SettingValues values) {
        this.values = values;
    }

    /**
     * {@return a configuration of the same class with these values}
     *
     * @param values the value of each setting
     */
    protected abstract C copy(SettingValues values);

    /**
     * {@return the value of a setting}
     *
     * @param <T> the type of its values
     * @param setting the setting
     * @throws IllegalArgumentException when this configuration does not have the setting
     */
    public final <T extends Comparable<T>> T get(Setting<T> setting) {
        return values.get(setting);
    }

    /**
     * {@return this configuration with another value of one setting}
     *
     * @param <T> the type of its values
     * @param setting the setting
     * @param value the new value
     * @throws IllegalArgumentException when this configuration does not have the setting, or the value is not in its range; names the
     *     setting, what was expected and what came
     */
    public final <T extends Comparable<T>> C with(Setting<T> setting, T value) {
        return copy(values.with(setting, value));
    }

    /**
     * {@return this configuration with another value of one setting, both as text, for command lines}
     *
     * @param name the setting's, such as {@code idleTimeout}
     * @param value a whole number, bytes ({@code 65536}, {@code 16MiB}), a time ({@code 30s}, {@code 500ms}, {@code 2m}), {@code true}
     *     or {@code false}
     * @throws IllegalArgumentException when there is no such setting, or the value is invalid; the message says what is valid
     */
    public final C with(String name, String value) {
        return copy(values.with(name, value));
    }

    /**
     * {@return this configuration with the other's value of each setting that both have} One layer passes its settings to the layer below
     * in this way.
     *
     * @param other whose values to take
     */
    public final C withSettingsOf(Config<?> other) {
        return copy(values.withSettingsOf(other.values()));
    }

    /** {@return the settings of this configuration, in the order of their declaration} */
    public final List<Setting<?>> settings() {
        return values.settings().list();
    }

    private SettingValues values() {
        return values;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof Config<?> that && getClass() == that.getClass() && values.equals(that.values());
    }

    @Override
    public final int hashCode() {
        return values.hashCode();
    }

    /** The class and all values, as {@code HostConfig[maxConnections=1024, …]}. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + values;
    }
}
