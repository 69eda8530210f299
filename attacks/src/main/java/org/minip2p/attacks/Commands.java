package org.minip2p.attacks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The commands that a process reads from stdin, one on each line. The process ends at the end of stdin, so it does not outlive its parent.
 */
final class Commands {
    /** Executes a command. */
    @FunctionalInterface
    interface Obedience {
        /** Executes the command with these words. */
        void obey(List<String> words) throws Exception;
    }

    private Commands() {}

    /** Executes commands until the end of stdin. */
    static void follow(Obedience obedience) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = read(lines); line != null; line = read(lines)) {
            obedience.obey(List.of(line.split(" ", -1)));
        }
    }

    private static @org.jspecify.annotations.Nullable String read(BufferedReader lines) throws IOException {
        return lines.readLine();
    }
}
