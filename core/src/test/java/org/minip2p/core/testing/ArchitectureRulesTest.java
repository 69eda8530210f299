package org.minip2p.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.core.PrivateKey;

/** The rules see what they are for, although the importer does not follow the libraries. */
class ArchitectureRulesTest {
    private static final String HERE = "org.minip2p.core.testing";

    @Test
    void seeNettyInAPureCore() {
        assertThat(violated(ArchitectureRules.inPureCore(HERE), LeakCheck.class))
                .isEqualTo(1);
    }

    @Test
    void seeTheClockInAPureCore() {
        assertThat(violated(ArchitectureRules.inPureCore(HERE), Clocked.class)).isEqualTo(1);
    }

    @Test
    void seeJavaUtilLogging() {
        assertThat(violated(ArchitectureRules.everywhere(HERE), Logged.class)).isEqualTo(1);
    }

    @Conforms("PID-15")
    @Test
    void seeAPrivateKeyThatLeaves() {
        assertThat(violated(ArchitectureRules.everywhere(HERE), Telling.class)).isEqualTo(1);
    }

    @Test
    void haveNothingAgainstAPlainClass() {
        assertThat(violated(ArchitectureRules.everywhere(HERE), Vectors.class)).isZero();
        assertThat(violated(ArchitectureRules.inPureCore(HERE), Vectors.class)).isZero();
    }

    private static long violated(List<ArchRule> rules, Class<?> type) {
        JavaClasses classes = new ClassFileImporter().importClasses(type);
        return rules.stream()
                .filter(rule -> rule.allowEmptyShould(true).evaluate(classes).hasViolation())
                .count();
    }

    /** Looks at the clock. */
    static final class Clocked {
        long now() {
            return System.nanoTime();
        }
    }

    /** Gives the bytes of a private key away. */
    static final class Telling {
        byte[] tell(PrivateKey key) {
            return key.encoded();
        }
    }

    /** Logs past SLF4J. */
    static final class Logged {
        String name() {
            return java.util.logging.Logger.GLOBAL_LOGGER_NAME + java.util.logging.Logger.getGlobal();
        }
    }
}
