package org.minip2p.interop;

import java.util.List;

/**
 * A point on which implementations differ, as far as the wire shows it.
 *
 * @param id DIS number
 * @param whatWeDo our choice
 * @param cases the cases of the matrix that show it to work with each peer
 */
record Disagreement(String id, String whatWeDo, List<String> cases) {
    static final List<Disagreement> ALL = List.of();
}
