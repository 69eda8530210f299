package org.minip2p.noise;

import static java.util.stream.Collectors.groupingBy;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A copy of everything in the heap of this JVM at one moment. */
public final class HeapDump {
    private static final int ATTEMPTS = 10;

    private final byte[] bytes;

    private HeapDump(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A dump of the objects that are still reachable. */
    public static HeapDump ofReachable() {
        return read(file -> write(file, true));
    }

    /**
     * A dump of the heap after a task, including garbage. The task runs again if the collector ran meanwhile, since
     * that may have copied secrets before they were wiped.
     */
    public static HeapDump withGarbageOf(Runnable task) {
        return read(file -> {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                System.gc();
                long before = collections();
                task.run();
                write(file, false);
                if (collections() == before) {
                    return;
                }
                Files.delete(file);
            }
            throw new AssertionError("the collector ran during each of " + ATTEMPTS + " attempts");
        });
    }

    @FunctionalInterface
    private interface Writing {
        void run(Path file) throws IOException;
    }

    private static HeapDump read(Writing writing) {
        try {
            Path folder = Files.createTempDirectory("heap");
            Path file = folder.resolve("heap.hprof");
            try {
                writing.run(file);
                return new HeapDump(Files.readAllBytes(file));
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, boolean reachableOnly) throws IOException {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file.toString(), reachableOnly);
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    /** The patterns that occur in the heap. */
    public Set<byte[]> find(List<byte[]> patterns) {
        Map<Integer, List<byte[]>> byStart = patterns.stream().collect(groupingBy(pattern -> start(pattern, 0)));
        boolean[] isStart = new boolean[1 << Short.SIZE];
        byStart.keySet().forEach(start -> isStart[start] = true);
        Set<byte[]> found = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int at = 0; at < bytes.length - 1; at++) {
            int start = start(bytes, at);
            if (isStart[start]) {
                for (byte[] pattern : byStart.getOrDefault(start, List.of())) {
                    int end = Math.min(bytes.length, at + pattern.length);
                    if (Arrays.equals(bytes, at, end, pattern, 0, pattern.length)) {
                        found.add(pattern);
                    }
                }
            }
        }
        return found;
    }

    private static int start(byte[] bytes, int at) {
        return Byte.toUnsignedInt(bytes[at]) << Byte.SIZE | Byte.toUnsignedInt(bytes[at + 1]);
    }
}
