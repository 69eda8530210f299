package org.minip2p.core;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.ArchitectureRules;

class ArchitectureTest {
    @Test
    void keepsTheRulesAndKnowsNoNetty() {
        ArchitectureRules.check("org.minip2p.core", List.of("org.minip2p.core.."));
    }
}
