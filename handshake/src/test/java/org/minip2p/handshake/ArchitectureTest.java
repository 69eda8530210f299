package org.minip2p.handshake;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.ArchitectureRules;

class ArchitectureTest {
    @Test
    void keepsTheRules() {
        ArchitectureRules.check("org.minip2p.handshake", List.of("org.minip2p.handshake.rule.."));
    }
}
