/** Settings, each declared once with name, default, range and text, and the immutable configurations that hold their values. */
@NullMarked
package org.minip2p.core.config;

import org.jspecify.annotations.NullMarked;
