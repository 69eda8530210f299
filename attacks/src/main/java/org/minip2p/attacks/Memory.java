package org.minip2p.attacks;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What memory this process uses, in bytes. */
final class Memory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private Memory() {}

    /** Heap in use, garbage included. */
    static long heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Heap in use after two collections. */
    static long heapAfterCollection() {
        System.gc();
        System.gc();
        return heap();
    }

    /** Direct memory: what Netty's allocators have taken, and the JVM's own buffers; the JVM counts Netty's as well where they come from it. */
    static long direct() {
        long ofTheJvm = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return PlatformDependent.useDirectBufferNoCleaner()
                ? Math.max(0, PlatformDependent.usedDirectMemory()) + ofTheJvm
                : ofTheJvm;
    }

    /** The most that was resident since the process began. */
    static long residentPeak() throws IOException {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        }
    }

    /** How many descriptors are open. */
    static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.count();
        }
    }
}
