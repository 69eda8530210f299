package org.minip2p.attacks;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The memory that this process uses, in bytes. */
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

    /**
     * Direct memory: that of Netty's allocators and that of the JVM's own buffers. Where Netty allocates from the JVM, the JVM's count
     * includes it.
     */
    static long direct() {
        long ofTheJvm = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return PlatformDependent.useDirectBufferNoCleaner()
                ? Math.max(0, PlatformDependent.usedDirectMemory()) + ofTheJvm
                : ofTheJvm;
    }

    /** The peak of resident memory since the process started. */
    static long residentPeak() throws IOException {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        }
    }

    /** The number of open descriptors. */
    static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.count();
        }
    }
}
