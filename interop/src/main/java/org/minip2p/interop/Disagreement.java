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
            shown("DIS-2", "both text forms of a peer id are read", "peer id as a CID in the address"),
            shown("DIS-6", "secp256k1 signatures have the low s", "our key is secp256k1", "their key is secp256k1"),
            shown("DIS-7", "ECDSA identities are proved and believed", "our key is ecdsa", "their key is ecdsa"),
            recorded("DIS-13", "`ls` is never sent", Cases.PING),
            recorded(
                    "DIS-14",
                    "header and first proposal go out together, and one header each way",
                    Cases.PIPELINING_OFF),
            shown(
                    "DIS-15",
                    "only `na` is a refusal, and the next protocol is tried",
                    "the second of two protocols",
                    Cases.NOT_SPOKEN),
            recorded("DIS-17", "as initiator the other header is not waited for", Cases.PING, Cases.PIPELINING_OFF),
            shown(
                    "DIS-18",
                    "optimistic data is taken everywhere, and sent with one proposal",
                    "FIN in the first flight",
                    Cases.echo(1)),
            shown("DIS-20", "another peer id ends the handshake", Cases.WRONG_PEER),
            recorded("DIS-21", "one muxer is offered as initiator", Cases.EARLY_MUXER, Cases.OUR_EARLY_MUXER_OFF),
            shown("DIS-22", "without early muxer negotiation multistream-select follows", Cases.THEIR_EARLY_MUXER_OFF),
            recorded("DIS-30", "one flag a frame is sent, any mix is read", Cases.HALF_CLOSE_BEFORE),
            shown("DIS-33", "stream ids have the parity of their side", Cases.HUNDRED_AT_ONCE),
            recorded("DIS-38", "a send window begins at 256 KiB", Cases.echo(5 << 20)),
            recorded("DIS-39", "the length of a reset is no window", Cases.THEIR_RESET),
            shown("DIS-41", "frames of a stream that is gone are dropped", Cases.OUR_RESET),
            shown(
                    "DIS-42",
                    "frames up to 65,506 bytes are sent; as large as the window are read",
                    Cases.echo(5 << 20),
                    Cases.LARGE_FRAMES),
            shown("DIS-43", "no ACK is waited for", Cases.HUNDRED_AT_ONCE, Cases.TWO_HUNDRED_IN_TURN),
            shown("DIS-45", "a stream beyond their limit ends alone", "their own limits on streams and connections"),
            shown("DIS-46", "go away is sent, and ends the session when it comes", Cases.OUR_CLOSE, Cases.THEIR_CLOSE),
            recorded("DIS-47", "pings of the muxer are answered with their value and ACK", Cases.PING, Cases.SILENCE),
            shown("DIS-48", "Identify has a length in front", Cases.IDENTIFY),
            shown("DIS-49", "one message of Identify under 4,096 bytes", Cases.IDENTIFY, Cases.PUSH),
            shown("DIS-50", "Identify carries our key", Cases.IDENTIFY),
            shown("DIS-51", "a push is complete", Cases.PUSH),
            shown("DIS-53", "a ping stream that has ended is opened again", "pings 12 s apart", Cases.SILENCE),
            shown("DIS-54", "perf's eight bytes are one piece", Cases.PERF),
            shown("DIS-55", "payload type and signer of an envelope are checked", Cases.NODE_INFO, Cases.WRONG_SIGNER),
            shown(
                    "DIS-56",
                    "at most 1,024 bytes of node info are sent, more than 64 KiB are refused",
                    Cases.NODE_INFO,
                    Cases.TOO_LARGE),
            shown("DIS-57", "the network's name is compared as it is written", Cases.NODE_INFO, Cases.OTHER_NETWORK));

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
