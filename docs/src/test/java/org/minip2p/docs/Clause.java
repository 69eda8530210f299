package org.minip2p.docs;

/**
 * One rule of a specification, or of what its implementations agree on.
 *
 * @param id such as {@code YMX-21}; it stays with its rule forever
 * @param level MUST, SHOULD, MAY, or one of them with NOT
 * @param text the rule
 * @param source the specification and section, or whose practice it is
 */
record Clause(String id, String level, String text, String source) {
    boolean isMust() {
        return level.startsWith("MUST");
    }
}
