package org.minip2p.attacks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Why connections and sockets ended at the victim, by the kind of peer at the other end. The number of reasons is bounded. Thread-safe. */
final class Ends {
    private static final int MAX_REASONS = 64;
    private static final int MAX_TEXT = 90;
    private static final Pattern ADDRESS = Pattern.compile("/?127\\.\\d+\\.\\d+\\.\\d+(:\\d+)?");
    private static final Pattern PEER = Pattern.compile("\\b(12D3Koo|16Uiu2|Qm)\\w+");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private final Map<String, Long> counts = new LinkedHashMap<>();

    /**
     * Counts one end.
     *
     * @param remoteAddress a text with the address in it
     * @param why the reason
     */
    synchronized void add(String remoteAddress, String why) {
        String reason = who(remoteAddress) + ": " + general(why);
        if (counts.size() < MAX_REASONS || counts.containsKey(reason)) {
            counts.merge(reason, 1L, Long::sum);
        }
    }

    /** Forgets everything, such as ends before the attack. */
    synchronized void clear() {
        counts.clear();
    }

    synchronized Map<String, Long> counts() {
        return new LinkedHashMap<>(counts);
    }

    /** The kind of peer that uses an address. */
    static String who(String remoteAddress) {
        if (remoteAddress.contains(HonestNode.ADDRESS)) {
            return "honest";
        }
        return remoteAddress.contains(Newcomers.PREFIX) ? "newcomer" : "attacker";
    }

    /** A reason without its numbers and names, so that equal reasons are counted together. */
    static String general(String why) {
        String text = ADDRESS.matcher(why).replaceAll("ADDRESS");
        text = PEER.matcher(text).replaceAll("PEER");
        text = NUMBER.matcher(text).replaceAll("N");
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }
}
