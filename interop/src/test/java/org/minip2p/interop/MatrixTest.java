package org.minip2p.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The runner of the cells, on cells that need no peer: a shell stands in for a built peer. */
class MatrixTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static Case shell(String name, Duration deadline, String script) {
        return Case.of(name, deadline, bench -> {
            PeerProcess process = bench.keep(PeerProcess.start("shell", Path.of("/bin/sh"), List.of("-c", script)));
            process.awaitResult(Duration.ofSeconds(30));
        });
    }

    private static Map<Cell, Outcome> run(Case... tests) throws InterruptedException {
        List<Cell> cells = Stream.of(tests)
                .map(test -> new Cell(Peers.JS, PeerRole.LISTENER, test))
                .toList();
        return Matrix.run(cells, Scale.SMOKE, 2, peer -> true, (cell, outcome) -> {});
    }

    private static Outcome outcome(Map<Cell, Outcome> outcomes, String name) {
        return outcomes.entrySet().stream()
                .filter(entry -> entry.getKey().test().name().equals(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void tellsEachKindOfOutcomeAndRunsOnAfterAFailure() throws InterruptedException {
        Map<Cell, Outcome> outcomes = run(
                Case.of("fails", DEADLINE, bench -> Check.equal("the answer", 1, 2)),
                Case.of("errs", DEADLINE, bench -> {
                    throw new IllegalStateException("broken");
                }),
                Case.of("cannot", DEADLINE, bench -> NotForThisPeer.unless(false, "it has none")),
                Case.of("is to blame", DEADLINE, bench -> {
                    throw new PeerFault("it says so");
                }),
                new Case("works", DEADLINE, bench -> "a remark"));

        assertThat(outcome(outcomes, "fails").kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(outcome(outcomes, "fails").detail()).isEqualTo("the answer: expected 2, got 1");
        assertThat(outcome(outcomes, "errs").detail()).contains("broken");
        assertThat(outcome(outcomes, "cannot").kind()).isEqualTo(Outcome.Kind.NOT_FOR_THIS_PEER);
        assertThat(outcome(outcomes, "is to blame").kind()).isEqualTo(Outcome.Kind.PEERS_FAULT);
        assertThat(outcome(outcomes, "works").kind()).isEqualTo(Outcome.Kind.OK);
        assertThat(outcome(outcomes, "works").detail()).isEqualTo("a remark");
    }

    @Test
    void showsTheLastLinesOfAPeerThatDies() throws InterruptedException {
        Outcome outcome = outcome(run(shell("dies", DEADLINE, "echo 'out of order' >&2; exit 3")), "dies");

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(outcome.detail()).contains("ended without result").contains("out of order");
    }

    @Test
    void endsACellAtItsDeadlineAndWhatItHasStarted() throws Exception {
        List<ProcessHandle> started = Collections.synchronizedList(new ArrayList<>());
        Case waits = Case.of("waits", Duration.ofSeconds(1), bench -> {
            PeerProcess process =
                    bench.keep(PeerProcess.start("shell", Path.of("/bin/sh"), List.of("-c", "sleep 600 & sleep 600")));
            started.add(process.handle());
            process.handle().children().forEach(started::add);
            process.awaitResult(Duration.ofMinutes(10));
        });

        Outcome outcome = outcome(run(waits), "waits");

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(outcome.detail()).startsWith("not done within 1 s");
        assertThat(outcome.took()).isLessThan(DEADLINE);
        assertThat(started).isNotEmpty();
        for (ProcessHandle handle : started) {
            CompletableFuture<ProcessHandle> end = handle.onExit();
            assertThat(end.get(10, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void saysInItsCellThatAPeerIsNotBuilt() throws InterruptedException {
        Cell cell = new Cell(Peers.RUST, PeerRole.DIALER, Case.of("works", DEADLINE, bench -> {}));

        Map<Cell, Outcome> outcomes = Matrix.run(List.of(cell), Scale.SMOKE, 1, peer -> false, (ended, outcome) -> {});

        assertThat(outcome(outcomes, "works").kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(outcome(outcomes, "works").detail()).contains("the rust peer is not built");
    }

    @Test
    void writesOneJsonObjectACell() throws Exception {
        Cell cell = new Cell(Peers.GO, PeerRole.DIALER, Case.of("a \"quoted\" case", DEADLINE, bench -> {}));

        JsonLine ok = JsonLine.parse(Report.json(cell, new Outcome(Outcome.Kind.OK, "", Duration.ZERO)));
        JsonLine failed =
                JsonLine.parse(Report.json(cell, new Outcome(Outcome.Kind.FAILED, "two\nlines", Duration.ZERO)));
        JsonLine cannot =
                JsonLine.parse(Report.json(cell, new Outcome(Outcome.Kind.NOT_FOR_THIS_PEER, "none", Duration.ZERO)));

        assertThat(ok.members()).containsOnlyKeys("peer", "role", "case", "ok", "detail");
        assertThat(ok.text("peer")).isEqualTo("go");
        assertThat(ok.text("role")).isEqualTo("dialer");
        assertThat(ok.text("case")).isEqualTo("a \"quoted\" case");
        assertThat(ok.ok()).isTrue();
        assertThat(failed.ok()).isFalse();
        assertThat(failed.text("detail")).isEqualTo("two\nlines");
        assertThat(cannot.members()).containsEntry("ok", null);
    }

    @ParameterizedTest
    @EnumSource(PeerRole.class)
    void namesEachCaseOnceAndTheTableHasARowForEach(PeerRole role) {
        List<Cell> cells = Matrix.cells(List.of(Peers.JS, Peers.GO), name -> true).stream()
                .filter(cell -> cell.role() == role)
                .toList();
        List<String> names = cells.stream()
                .filter(cell -> cell.peer() == Peers.GO)
                .map(cell -> cell.test().name())
                .toList();

        assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(30);
        Map<Cell, Outcome> outcomes = new LinkedHashMap<>();
        cells.forEach(cell -> outcomes.put(cell, new Outcome(Outcome.Kind.OK, "", Duration.ZERO)));
        String table = new Report(outcomes).markdown();
        names.forEach(name -> assertThat(table).contains("| " + name + " | ok | ok |"));
    }

    @Test
    void pointsToCasesThatExist() {
        List<String> names = Matrix.cells(List.of(Peers.JS), name -> true).stream()
                .map(cell -> cell.test().name())
                .toList();

        assertThat(Disagreement.ALL).hasSizeGreaterThan(20);
        Disagreement.ALL.forEach(each -> assertThat(names).as(each.id()).containsAll(each.cases()));
    }
}
