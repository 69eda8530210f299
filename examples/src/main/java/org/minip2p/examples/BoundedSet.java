package org.minip2p.examples;

import java.util.LinkedHashSet;
import java.util.Set;

/** Keeps only the newest entries, up to a limit: a set that peers add to must not grow forever. Thread-safe. */
final class BoundedSet<E> {
    private final int capacity;
    private final Set<E> elements = new LinkedHashSet<>();

    BoundedSet(int capacity) {
        this.capacity = capacity;
    }

    /** Adds an entry, and forgets the oldest when there are too many. Returns whether it was new. */
    synchronized boolean add(E element) {
        boolean isNew = elements.add(element);
        if (elements.size() > capacity) {
            elements.remove(elements.iterator().next());
        }
        return isNew;
    }

    synchronized boolean contains(E element) {
        return elements.contains(element);
    }

    synchronized void remove(E element) {
        elements.remove(element);
    }
}
