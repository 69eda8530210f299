package org.minip2p.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ConformanceTest {
    private static final Path PAGE = Path.of("conformance.md");

    private static final Clauses CLAUSES = Clauses.load();
    private static Map<String, Set<String>> tests = Map.of();

    @BeforeAll
    static void read() throws IOException {
        tests = ProjectTests.load().byClause();
    }

    @Test
    void testsNameOnlyClausesThatExist() {
        assertThat(CLAUSES.all()).extracting(Clause::id).doesNotHaveDuplicates().containsAll(tests.keySet());
    }

    @Test
    void everyMustHasATest() {
        assertThat(CLAUSES.all().stream().filter(Clause::isMust).map(Clause::id))
                .allMatch(tests::containsKey);
    }

    @Test
    void everyOtherClauseHasATestOrAReason() {
        assertThat(CLAUSES.all().stream().filter(clause -> !clause.isMust()).map(Clause::id))
                .allMatch(id -> tests.containsKey(id) || CLAUSES.reasons().containsKey(id));
    }

    @Test
    void reasonsAreGivenForClausesThatExist() {
        assertThat(CLAUSES.all().stream().map(Clause::id).collect(Collectors.toSet()))
                .containsAll(CLAUSES.reasons().keySet());
    }

    @Test
    void thePageSaysWhatTheTestsSay() throws IOException {
        String page = new ConformancePage(CLAUSES, tests).write();
        if (Boolean.getBoolean("pages.write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(PAGE)
                .as("run mvn -Pformat verify to write it again")
                .exists()
                .content()
                .isEqualTo(page);
    }
}
