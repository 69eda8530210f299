/** Flight Recorder events of a host. Also works without the module {@code jdk.jfr}, and then records nothing. */
@NullMarked
package org.minip2p.host.recording;

import org.jspecify.annotations.NullMarked;
