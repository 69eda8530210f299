package org.minip2p.attacks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The lines on stdin that a process obeys; when they end it ends, so that none is left when its parent process dies. */
final class Commands {
    /** Obeys one. */
    @FunctionalInterface
    interface Obedience {
        /** Does what the words say. */
        void obey(List<String> words) throws Exception;
    }

    private Commands() {}

    /** Obeys until the lines end. */
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
