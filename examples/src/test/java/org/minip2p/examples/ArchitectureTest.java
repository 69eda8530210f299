package org.minip2p.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.ArchitectureRules;

class ArchitectureTest {
    private static final String EXAMPLES = "org.minip2p.examples";

    @Test
    void keepsTheRulesOfTheCodeBase() {
        ArchitectureRules.checkShell(EXAMPLES);
    }

    @Test
    void usesOnlyWhatAnEmbedderCanUse() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.minip2p.host.*..",
                        "org.minip2p.handshake.*..",
                        "org.minip2p.noise..",
                        "org.minip2p.yamux..",
                        "org.minip2p.multistream..",
                        "org.slf4j..")
                .check(ArchitectureRules.mainClasses(EXAMPLES));
    }
}
