package org.minip2p.core.testing;

import io.netty.util.LeakPresenceDetector;
import net.jqwik.api.lifecycle.AfterContainerHook;
import net.jqwik.api.lifecycle.ContainerLifecycleContext;
import net.jqwik.api.lifecycle.PropagationMode;

/** What {@link LeakCheck} does, after each class of properties: jqwik is an engine of its own, and finds this as a service. */
public final class PropertyLeakCheck implements AfterContainerHook {
    @Override
    public void afterContainer(ContainerLifecycleContext context) {
        LeakPresenceDetector.check();
    }

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }
}
