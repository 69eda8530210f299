package org.minip2p.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.minip2p.attacks.hostile.Attack;
import org.minip2p.attacks.hostile.Attacks;

/** The command line of the attacks. */
class AttacksRunTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) throws Exception {
        return AttacksRun.run(List.of(args), new PrintStream(out, true), new PrintStream(err, true));
    }

    @Test
    void refusesAnUnknownAttackWithTheUsageOnStderr() throws Exception {
        assertThat(run("--only", "no-such-attack")).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("no attack is called no-such-attack")
                .contains("silent-sockets")
                .contains("usage: attacks/run [--only");
        assertThat(out.size()).isZero();
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        assertThat(run("--fast")).isEqualTo(2);
        assertThat(run("--only")).isEqualTo(2);
        assertThat(run("--allocator", "jemalloc")).isEqualTo(2);
        assertThat(run("--backend", "iocp")).isEqualTo(2);
        assertThat(run("--seconds", "0")).isEqualTo(2);
        assertThat(run("--seconds", "soon")).isEqualTo(2);
        assertThat(run("--seconds", "601")).isEqualTo(2);
    }

    @Test
    void takesSeveralNamesInOneOptionOrInMany() {
        RunOptions options = RunOptions.parse(
                List.of("--only", "zeros,syn-flood", "--only", "tiny-frames", "--allocator", "pooled"));

        assertThat(options.attacks()).extracting(Attack::name).containsExactly("zeros", "syn-flood", "tiny-frames");
        assertThat(options.allocator()).isEqualTo("pooled");
        assertThat(options.backend()).isEqualTo("nio");
        assertThatIllegalArgumentException().isThrownBy(() -> RunOptions.parse(List.of("--only", "zeros,")));
    }

    @Test
    void runsAllOfThemUnlessSomethingElseIsAsked() {
        assertThat(RunOptions.parse(List.of()).attacks()).isEqualTo(Attacks.all());
        assertThat(RunOptions.parse(List.of("--smoke")).attacks())
                .hasSizeBetween(5, Attacks.all().size() - 1)
                .allMatch(attack -> attack.description().isSmoke());
        assertThat(RunOptions.parse(List.of("--lifted")).attacks())
                .isNotEmpty()
                .allMatch(attack -> !attack.description().lifted().isEmpty());
    }

    @Test
    void hasAttacksThatCanBeToldApart() {
        assertThat(Attacks.all())
                .extracting(Attack::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z-]+"));
        assertThat(Attacks.all()).allMatch(attack -> attack.description().rows().matches("SEC-\\w+( SEC-\\w+)*"));
        assertThat(Attacks.all()).allMatch(attack -> attack.description().seconds() <= 60);
    }
}
