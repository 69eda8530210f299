package org.minip2p.core.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.minip2p.core.PrivateKey;

/**
 * The rules that every module's {@code ArchitectureTest} holds its classes against. Which module may see which is said by the
 * POMs and by {@code module-info}; what is said here is what those cannot say.
 */
public final class ArchitectureRules {
    private ArchitectureRules() {}

    /** The main classes of a module. */
    public static JavaClasses mainClasses(String rootPackage) {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(rootPackage);
    }

    /** The rules for a module all of whose code may use Netty. */
    public static void checkShell(String rootPackage) {
        check(rootPackage, List.of());
    }

    /**
     * The rules for a module with a pure core.
     *
     * @param rootPackage the module's package
     * @param purePackages packages, as ArchUnit patterns, that know no Netty, clock, randomness or logger
     */
    public static void check(String rootPackage, List<String> purePackages) {
        JavaClasses classes = mainClasses(rootPackage);
        everywhere(rootPackage).forEach(rule -> rule.check(classes));
        purePackages.forEach(pure -> inPureCore(pure).forEach(rule -> rule.check(classes)));
    }

    static List<ArchRule> everywhere(String rootPackage) {
        return List.of(
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
                        .allowEmptyShould(true), // the module of the key file has no others
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
