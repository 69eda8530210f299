package org.minip2p.core.testing;

import io.netty.util.LeakPresenceDetector;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that left a Netty buffer unreleased. JUnit finds it as a service, so no test has to name it. It
 * needs the detector that the parent POM sets with {@code io.netty.customResourceLeakDetector}.
 */
public final class LeakCheck implements AfterAllCallback {
    @Override
    public void afterAll(ExtensionContext context) {
        LeakPresenceDetector.check();
    }
}
