package org.minip2p.docs;

/**
 * A rule of a specification, or a rule that its implementations follow.
 *
 * @param id for example {@code YMX-21}; an id never moves to another rule
 * @param level MUST, SHOULD, MAY, or one of them with NOT
 * @param text the rule
 * @param source the specification and its section, or the implementations that follow the rule
 */
record Clause(String id, String level, String text, String source) {
    boolean isMust() {
        return level.startsWith("MUST");
    }
}
