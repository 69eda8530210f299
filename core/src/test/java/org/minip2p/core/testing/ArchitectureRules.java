package org.minip2p.core.testing;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.minip2p.core.PrivateKey;

/**
 * The rules that every module's {@code ArchitectureTest} enforces for its classes. The POMs and {@code module-info}
 * define which module may use which. The rules here are those that they cannot express.
 */
public final class ArchitectureRules {
    private ArchitectureRules() {}

    /** The main classes of a module. */
    public static JavaClasses mainClasses(String rootPackage) {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(rootPackage);
    }

    /** Checks a module in which all code may use Netty. */
    public static void checkShell(String rootPackage) {
        check(rootPackage, List.of());
    }

    /**
     * Checks a module with a pure core.
     *
     * @param rootPackage the module's package
     * @param purePackages packages, as ArchUnit patterns, that must not use Netty, a clock, randomness or a logger
     */
    public static void check(String rootPackage, List<String> purePackages) {
        JavaClasses classes = mainClasses(rootPackage);
        everywhere(rootPackage).forEach(rule -> rule.check(classes));
        purePackages.forEach(pure -> inPureCore(pure).forEach(rule -> rule.check(classes)));
    }

    /**
     * The classes in which a library's default clock, randomness and threads are made. Each is listed by name, so that
     * adding one is a conscious decision. All other code receives them, and so runs with the clock and the scheduler of
     * the application that made the host.
     */
    private static final Set<String> SOURCES = Set.of(
            "org.minip2p.core.PrivateKey", // new keys
            "org.minip2p.noise.crypto.BouncyCastleX25519", // ephemeral keys, unless the host is given other crypto
            "org.minip2p.protocols.Ping", // the 32 random bytes of a ping
            "org.minip2p.handshake.NetworkSchedule", // the system clock, unless it is given another
            "org.minip2p.host.HostEnvironment",
            "org.minip2p.host.threads.HostThreads",
            "org.minip2p.transport.EventLoops",
            "org.minip2p.metrics.HostMetrics");

    /** Methods that read a clock or randomness of the machine, or use a timer or a thread pool of the JVM. */
    private static final Map<String, Set<String>> METHODS_OF_THE_MACHINE = Map.of(
            "java.lang.System", Set.of("nanoTime", "currentTimeMillis"),
            "java.time.Instant", Set.of("now"),
            "java.time.InstantSource", Set.of("system"),
            "java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system", "tickMillis"),
            "java.lang.Math", Set.of("random"),
            "java.util.UUID", Set.of("randomUUID"),
            "java.util.concurrent.CompletableFuture", Set.of("orTimeout", "completeOnTimeout", "delayedExecutor"),
            "io.netty.util.concurrent.Ticker", Set.of("systemTicker"));

    /** Types whose new instances are a source of randomness, a timer or threads. */
    private static final Set<String> MADE_BY_SOURCES_ALONE = Set.of(
            "java.security.SecureRandom",
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.util.Timer",
            "java.lang.Thread",
            "java.util.concurrent.ThreadPoolExecutor",
            "java.util.concurrent.ForkJoinPool",
            "io.netty.util.concurrent.DefaultEventExecutor",
            "io.netty.util.HashedWheelTimer",
            "io.netty.channel.MultiThreadIoEventLoopGroup");

    private static final Set<String> USED_BY_NOBODY = Set.of(
            "java.util.concurrent.ThreadLocalRandom",
            "java.util.concurrent.Executors",
            "io.netty.util.concurrent.GlobalEventExecutor");

    /** Whether a call adds an asynchronous stage without an executor. Such a stage runs in the common pool. */
    private static boolean isInTheCommonPool(JavaAccess<?> access) {
        return access.getTargetOwner().isEquivalentTo(CompletableFuture.class)
                && access.getTarget().getName().endsWith("Async")
                && access.getTarget() instanceof CodeUnitCallTarget called
                && called.getRawParameterTypes().stream().noneMatch(type -> type.isEquivalentTo(Executor.class));
    }

    private static final DescribedPredicate<JavaAccess<?>> OF_THE_MACHINE =
            new DescribedPredicate<>("is a clock, randomness or a thread of the machine's") {
                @Override
                public boolean test(JavaAccess<?> access) {
                    String owner = access.getTargetOwner().getName();
                    String member = access.getTarget().getName();
                    return METHODS_OF_THE_MACHINE.getOrDefault(owner, Set.of()).contains(member)
                            || (member.equals("<init>") && MADE_BY_SOURCES_ALONE.contains(owner))
                            || USED_BY_NOBODY.contains(owner)
                            || isInTheCommonPool(access);
                }
            };

    private static final DescribedPredicate<JavaClass> A_SOURCE =
            new DescribedPredicate<>("sources of clocks, randomness and threads") {
                @Override
                public boolean test(JavaClass candidate) {
                    return SOURCES.stream()
                            .anyMatch(name -> candidate.getName().equals(name)
                                    || candidate.getName().startsWith(name + "$"));
                }
            };

    /** For libraries. The command line and the examples may read the clock themselves. */
    static ArchRule timeComesByTheConstructor() {
        return noClasses()
                .that(not(A_SOURCE))
                .and()
                .resideOutsideOfPackages("org.minip2p.cli..", "org.minip2p.examples..")
                .should()
                .accessTargetWhere(OF_THE_MACHINE)
                .because(
                        "clocks, randomness and executors come by the constructor: whoever makes a host decides on them")
                .allowEmptyShould(true);
    }

    static List<ArchRule> everywhere(String rootPackage) {
        return List.of(
                timeComesByTheConstructor(),
                noClasses()
                        .should()
                        .dependOnClassesThat()
                        .haveFullyQualifiedName("io.netty.util.AttributeKey")
                        .because("what a handler needs comes by its constructor"),
                noClasses()
                        .should()
                        .callMethod(Thread.class, "sleep", long.class)
                        .because("nothing in main code waits for time to pass"),
                noClasses()
                        .should()
                        .dependOnClassesThat()
                        .haveNameMatching("java\\.util\\.logging\\..*")
                        .because("logs go through SLF4J"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage("org.minip2p.cli..")
                        .should()
                        .callMethod(PrivateKey.class, "encoded")
                        .because("a private key's bytes are for the key file alone (PID-15)")
                        .allowEmptyShould(true), // a module may have no class outside these packages
                slices().matching(rootPackage + ".(*)..")
                        .should()
                        .beFreeOfCycles()
                        .allowEmptyShould(true));
    }

    static List<ArchRule> inPureCore(String pure) {
        return List.of(
                noClasses()
                        .that()
                        .resideInAPackage(pure)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("io.netty..", "org.slf4j..")
                        .because("a core is a state machine: its shell reads, writes and logs"),
                noClasses()
                        .that()
                        .resideInAPackage(pure)
                        .should()
                        .callMethod(System.class, "nanoTime")
                        .orShould()
                        .callMethod(System.class, "currentTimeMillis")
                        .because("time is an argument of a core"));
    }
}
