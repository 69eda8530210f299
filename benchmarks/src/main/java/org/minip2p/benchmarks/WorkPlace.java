package org.minip2p.benchmarks;

/** Where the two ends of a work are. */
enum WorkPlace {
    /** Both in one process. */
    ONE_PROCESS("one-process", "in one process"),
    /** Each in a process of its own. */
    TWO_PROCESSES("two-processes", "in two processes");

    private final String key;
    private final String title;

    WorkPlace(String key, String title) {
        this.key = key;
        this.title = title;
    }

    /** Its name in the names of figures. */
    String key() {
        return key;
    }

    /** Its name in a sentence of the page. */
    String title() {
        return title;
    }

    /** The name of the figure of an implementation. */
    String figure(WorkKind kind, String implementation) {
        return "work/" + key + "/" + kind.key() + "/" + implementation;
    }
}
