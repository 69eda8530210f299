/**
 * Flight Recorder events of a host. Also works without the module {@code jdk.jfr}, and then records nothing.
 *
 * <p>Begin reading with {@link Recorder}.
 */
@NullMarked
package org.minip2p.host.recording;

import org.jspecify.annotations.NullMarked;
