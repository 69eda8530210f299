package org.minip2p.metrics;

import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.ArchitectureRules;

class ArchitectureTest {
    @Test
    void keepsTheRules() {
        ArchitectureRules.checkShell("org.minip2p.metrics");
    }
}
