package org.minip2p.multistream;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.ArchitectureRules;

class ArchitectureTest {
    @Test
    void keepsTheRulesWithACoreThatKnowsNoNetty() {
        ArchitectureRules.check("org.minip2p.multistream", List.of("org.minip2p.multistream"));
    }
}
