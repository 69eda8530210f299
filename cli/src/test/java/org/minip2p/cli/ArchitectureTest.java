package org.minip2p.cli;

import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.ArchitectureRules;

class ArchitectureTest {
    @Test
    void keepsTheRulesOfTheCodeBase() {
        ArchitectureRules.checkShell("org.minip2p.cli");
    }
}
