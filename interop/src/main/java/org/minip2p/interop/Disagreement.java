package org.minip2p.interop;

import java.util.List;

/**
 * A point on which implementations differ, as far as the wire shows it.
 *
 * @param id its DIS number
 * @param whatWeDo our choice
 * @param cases the cases of the matrix that show it to work with each peer; empty when the recorded connections alone show it
 * @param recorded whether the recorded connections show it, too
 */
record Disagreement(String id, String whatWeDo, List<String> cases, boolean recorded) {
    static final List<Disagreement> ALL = List.of(
            shown("DIS-2", "both text forms of a peer id are accepted", "peer id as a CID in the address"),
            shown(
                    "DIS-6",
                    "secp256k1 signatures use the low s value",
                    "our key is secp256k1",
                    "their key is secp256k1"),
            shown("DIS-7", "ECDSA identities are supported on both sides", "our key is ecdsa", "their key is ecdsa"),
            recorded("DIS-13", "`ls` is never sent", Cases.PING),
            recorded(
                    "DIS-14",
                    "the header and the first proposal are sent together; one header in each direction",
                    Cases.PIPELINING_OFF),
            shown(
                    "DIS-15",
                    "only `na` counts as a refusal; the next protocol is then tried",
                    "the second of two protocols",
                    Cases.NOT_SPOKEN),
            recorded(
                    "DIS-17",
                    "the initiator does not wait for the other side's header",
                    Cases.PING,
                    Cases.PIPELINING_OFF),
            shown(
                    "DIS-18",
                    "optimistic data is always accepted, and is sent only if there is a single proposal",
                    "FIN in the first flight",
                    Cases.echo(1)),
            shown("DIS-20", "an unexpected peer id ends the handshake", Cases.WRONG_PEER),
            recorded("DIS-21", "the initiator offers one muxer", Cases.EARLY_MUXER, Cases.OUR_EARLY_MUXER_OFF),
            shown(
                    "DIS-22",
                    "without early muxer negotiation, multistream-select negotiates the muxer",
                    Cases.THEIR_EARLY_MUXER_OFF),
            recorded("DIS-30", "one flag per frame is sent; any combination is accepted", Cases.HALF_CLOSE_BEFORE),
            shown("DIS-33", "each side uses stream ids of its own parity", Cases.HUNDRED_AT_ONCE),
            recorded("DIS-38", "the send window starts at 256 KiB", Cases.echo(5 << 20)),
            recorded("DIS-39", "the length of a reset frame is not a window update", Cases.THEIR_RESET),
            shown("DIS-41", "frames for a stream that has ended are dropped", Cases.OUR_RESET),
            shown(
                    "DIS-42",
                    "frames up to 65,506 bytes are sent; frames up to the window size are accepted",
                    Cases.echo(5 << 20),
                    Cases.LARGE_FRAMES),
            shown("DIS-43", "nothing waits for an ACK", Cases.HUNDRED_AT_ONCE, Cases.TWO_HUNDRED_IN_TURN),
            shown(
                    "DIS-45",
                    "a stream beyond the peer's limit fails without affecting the others",
                    "their default limits on streams and connections"),
            shown("DIS-46", "GO_AWAY is sent, and ends the session when received", Cases.OUR_CLOSE, Cases.THEIR_CLOSE),
            recorded("DIS-47", "muxer pings are answered with the same value and ACK", Cases.PING, Cases.SILENCE),
            shown("DIS-48", "Identify messages have a length prefix", Cases.IDENTIFY),
            shown("DIS-49", "Identify sends one message, smaller than 4,096 bytes", Cases.IDENTIFY, Cases.PUSH),
            shown("DIS-50", "Identify includes our public key", Cases.IDENTIFY),
            shown("DIS-51", "a push contains every field", Cases.PUSH),
            shown("DIS-53", "a ping stream that has ended is replaced by a new one", "pings 12 s apart", Cases.SILENCE),
            shown("DIS-54", "perf's eight-byte header is sent in one piece", Cases.PERF),
            shown(
                    "DIS-55",
                    "the payload type and the signer of an envelope are checked",
                    Cases.NODE_INFO,
                    Cases.WRONG_SIGNER),
            shown(
                    "DIS-56",
                    "at most 1,024 bytes of node info are sent; more than 64 KiB are refused",
                    Cases.NODE_INFO,
                    Cases.TOO_LARGE),
            shown("DIS-57", "network ids are compared as text, exactly", Cases.NODE_INFO, Cases.OTHER_NETWORK));

    private static Disagreement shown(String id, String whatWeDo, String... cases) {
        return new Disagreement(id, whatWeDo, List.of(cases), false);
    }

    private static Disagreement recorded(String id, String whatWeDo, String... cases) {
        return new Disagreement(id, whatWeDo, List.of(cases), true);
    }

    /** A row of a table. */
    @Override
    public String toString() {
        return "| " + id + " | " + whatWeDo + " | " + String.join("; ", cases)
                + (recorded ? "; the recorded connections" : "") + " |";
    }
}
