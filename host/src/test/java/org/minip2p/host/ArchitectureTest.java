package org.minip2p.host;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.ArchitectureRules;
import org.minip2p.host.connections.EstablishedConnection;
import org.minip2p.host.connections.UndecidedConnection;

class ArchitectureTest {
    private static final String API = "org.minip2p.host";
    private static final String INNER = "org.minip2p.host.*..";

    private final JavaClasses classes = ArchitectureRules.mainClasses(API);

    @Test
    void keepsTheRules() {
        ArchitectureRules.checkShell(API);
    }

    @Test
    void theHostAndWhatPutsItTogetherAloneKnowThePackagesThatAreNotExported() {
        noClasses()
                .that(resideInAPackage(API)
                        .and(not(equivalentTo(Host.class)))
                        .and(not(equivalentTo(HostBuilder.class)))
                        .and(not(equivalentTo(HostEnvironment.class)))
                        .and(not(equivalentTo(HostDials.class)))
                        .and(not(equivalentTo(HostParts.class)))
                        .and(not(equivalentTo(HostStart.class)))
                        .and(not(equivalentTo(HostEnd.class)))
                        .and(not(equivalentTo(UpgradeAssembly.class))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(INNER)
                .check(classes);
    }

    @Test
    void noPackageThatIsNotExportedKnowsTheHostOrItsSettings() {
        noClasses()
                .that()
                .resideInAPackage(INNER)
                .should()
                .dependOnClassesThat(equivalentTo(Host.class)
                        .or(equivalentTo(HostBuilder.class))
                        .or(equivalentTo(HostConfig.class)))
                .check(classes);
    }

    @Test
    void aConnectionIsMadeByItsAdmissionAlone() {
        noClasses()
                .that(not(equivalentTo(UndecidedConnection.class)))
                .should()
                .callConstructorWhere(target(owner(equivalentTo(EstablishedConnection.class))))
                .check(classes);
    }
}
