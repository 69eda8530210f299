package org.minip2p.examples;

import java.util.LinkedHashSet;
import java.util.Set;

/** The newest of what was added, and no more than so many: what peers can add to must not grow for ever. Thread-safe. */
final class BoundedSet<E> {
    private final int capacity;
    private final Set<E> elements = new LinkedHashSet<>();

    BoundedSet(int capacity) {
        this.capacity = capacity;
    }

    /** Adds one, and forgets the oldest when there are too many. Whether it was new. */
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
