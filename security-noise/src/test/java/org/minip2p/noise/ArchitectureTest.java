package org.minip2p.noise;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.ArchitectureRules;
import org.minip2p.core.testing.Conforms;
import org.minip2p.noise.crypto.KeyPair;

class ArchitectureTest {
    @Conforms("PID-15")
    @Test
    void keepsTheRules() {
        ArchitectureRules.check("org.minip2p.noise", List.of("org.minip2p.noise", "org.minip2p.noise.crypto"));
    }

    @Conforms("NOI-16")
    @Test
    void knowsNoFiles() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.nio.file..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File.*|RandomAccessFile|ObjectOutputStream)")
                .because("a static key is never written to disk")
                .check(ArchitectureRules.mainClasses("org.minip2p.noise"));
    }

    // SEC-30: a key that all hosts of a JVM share would be in a static field.
    @Test
    void keepsNoKeyInAStaticField() {
        noFields()
                .that()
                .areStatic()
                .should()
                .haveRawType(KeyPair.class)
                .orShould()
                .haveRawType(NoiseIdentity.class)
                .check(ArchitectureRules.mainClasses("org.minip2p.noise"));
    }
}
