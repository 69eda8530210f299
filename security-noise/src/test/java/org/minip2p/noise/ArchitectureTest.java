package org.minip2p.noise;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.ArchitectureRules;

class ArchitectureTest {
    @Test
    void keepsTheRules() {
        ArchitectureRules.check("org.minip2p.noise", List.of("org.minip2p.noise", "org.minip2p.noise.crypto"));
    }
}
