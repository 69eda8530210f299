/**
 * Settings, each declared once with name, default, range and text, and the immutable configurations that hold their values.
 *
 * <p>Begin with {@link Config#with(Setting, Comparable)}: it makes another configuration with another value. The configuration of a host is
 * {@code org.minip2p.host.HostConfig}, which also declares the settings.
 */
@NullMarked
package org.minip2p.core.config;

import org.jspecify.annotations.NullMarked;
