/** What a host does, as events of the JVM's flight recorder. Runs without the module {@code jdk.jfr}, and then records nothing. */
@NullMarked
package org.minip2p.host.recording;

import org.jspecify.annotations.NullMarked;
