package org.minip2p.yamux;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.ArchitectureRules;

class ArchitectureTest {
    @Test
    void keepsTheRulesAndItsCoreKnowsNoNetty() {
        ArchitectureRules.check("org.minip2p.yamux", List.of("org.minip2p.yamux"));
    }
}
