package org.minip2p.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.minip2p.core.PrivateKey;

/** The rules find the violations that they are made for, although the importer does not load the libraries. */
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

    @ParameterizedTest
    @ValueSource(
            classes = {
                Clocked.class,
                Watched.class,
                Late.class,
                Dicing.class,
                Threaded.class,
                Pooled.class,
                Random.class
            })
    void seeWhatComesFromTheMachineAndNotByTheConstructor(Class<?> type) {
        assertThat(violated(List.of(ArchitectureRules.timeComesByTheConstructor()), type))
                .isEqualTo(1);
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

    /** Reads the clock. */
    static final class Clocked {
        long now() {
            return System.nanoTime();
        }
    }

    /** Passes on a method that reads the clock. */
    static final class Watched {
        LongSupplier clock() {
            return System::nanoTime;
        }
    }

    /** Waits on the timer of the JVM. */
    static final class Late {
        CompletableFuture<Boolean> soon(CompletableFuture<Boolean> future) {
            return future.orTimeout(1, TimeUnit.SECONDS);
        }
    }

    /** Uses randomness that cannot be seeded. */
    static final class Dicing {
        int dice() {
            return ThreadLocalRandom.current().nextInt(6);
        }
    }

    /** Makes a source of randomness. */
    static final class Random {
        SecureRandom random() {
            return new SecureRandom();
        }
    }

    /** Makes its own thread. */
    static final class Threaded {
        Thread thread(Runnable task) {
            return new Thread(task);
        }
    }

    /** Runs in the pool of the JVM. */
    static final class Pooled {
        CompletableFuture<Void> run(Runnable task) {
            return CompletableFuture.runAsync(task);
        }
    }

    /** Returns the bytes of a private key. */
    static final class Telling {
        byte[] tell(PrivateKey key) {
            return key.encoded();
        }
    }

    /** Logs without SLF4J. */
    static final class Logged {
        String name() {
            return java.util.logging.Logger.GLOBAL_LOGGER_NAME + java.util.logging.Logger.getGlobal();
        }
    }
}
