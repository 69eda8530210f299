package org.minip2p.attacks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.minip2p.attacks.hostile.Attack;

/** The command {@code attacks/run}: runs attacks one after the other, and reports which were withstood. */
public final class AttacksRun {
    private static final int NOT_WITHSTOOD = 1;
    private static final int NOT_UNDERSTOOD = 2;

    private AttacksRun() {}

    /** Runs the command; the exit code is 0 when all were withstood, 1 when one was not, and 2 for wrong arguments. */
    public static void main(String[] args) throws Exception {
        System.exit(run(List.of(args), System.out, System.err));
    }

    static int run(List<String> args, PrintStream out, PrintStream err) throws Exception {
        RunOptions options;
        try {
            options = RunOptions.parse(args);
        } catch (IllegalArgumentException e) {
            err.println("attacks/run: " + e.getMessage());
            err.println("usage: attacks/run " + RunOptions.USAGE);
            return NOT_UNDERSTOOD;
        }
        List<Result> results = new ArrayList<>();
        PrintStream table = options.json() ? err : out;
        table.print(ResultTable.header());
        for (Attack attack : options.attacks()) {
            Result result = Result.of(attack, Battle.run(attack, options));
            results.add(result);
            table.print(ResultTable.row(result));
            if (options.json()) {
                out.println(result.json());
            }
            if (options.write()) {
                AttacksPage.write(options, results); // after each attack, so that an interrupted run leaves its results
            }
        }
        return isAsExpected(options, results) ? 0 : NOT_WITHSTOOD;
    }

    private static boolean isAsExpected(RunOptions options, List<Result> results) {
        return results.stream().allMatch(options.lifted() ? Result::showsTheDefence : Result::isWithstood);
    }
}
