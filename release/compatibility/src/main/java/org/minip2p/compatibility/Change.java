package org.minip2p.compatibility;

/**
 * One difference between the APIs of two releases.
 *
 * @param kind whether users notice
 * @param where the type or member
 * @param what what happened to it
 */
record Change(Kind kind, String where, String what) implements Comparable<Change> {
    enum Kind {
        /** Code that compiled, or ran, no longer does. */
        INCOMPATIBLE("incompatible"),
        /** What was not there. */
        ADDITION("addition"),
        /** What was there is different, and what used it still compiles and runs. */
        COMPATIBLE("compatible");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    /** The incompatible ones first. */
    @Override
    public int compareTo(Change other) {
        int byKind = kind.compareTo(other.kind);
        int byPlace = byKind != 0 ? byKind : where.compareTo(other.where);
        return byPlace != 0 ? byPlace : what.compareTo(other.what);
    }

    @Override
    public String toString() {
        return kind.word + ": " + where + ": " + what;
    }
}
