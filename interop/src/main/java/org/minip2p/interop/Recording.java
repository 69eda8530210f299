package org.minip2p.interop;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A recorded connection, as a text file of lines.
 *
 * <p>Lines begin with {@code #} for a remark; {@code role} for our role; {@code identity}, {@code static} and {@code ephemeral} for our
 * throw-away private keys in hex; {@code >} and {@code <} for what we and the peer sent on the socket, in order, in hex; {@code ->} and
 * {@code <-} for the decoded content of the secure channel.
 *
 * @param initiator whether we dialed
 * @param identity the private key message of our identity, in hex
 * @param staticKey our Noise static key, in hex
 * @param ephemeralKey our Noise ephemeral key, in hex
 * @param pieces what was sent over the socket
 * @param ours our negotiation lines and frames
 * @param theirs the peer's negotiation lines and frames
 */
record Recording(
        boolean initiator,
        String identity,
        String staticKey,
        String ephemeralKey,
        List<Piece> pieces,
        List<String> ours,
        List<String> theirs) {

    /** Some bytes that one side sent, in hex. */
    record Piece(boolean byUs, String hex) {}

    private static final HexFormat HEX = HexFormat.of();

    /** All bytes that one side sent. */
    byte[] sent(boolean byUs) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        pieces.stream()
                .filter(piece -> piece.byUs() == byUs)
                .forEach(piece -> all.writeBytes(HEX.parseHex(piece.hex())));
        return all.toByteArray();
    }

    /** The content of the file. */
    String text(String remark) {
        List<String> lines = new ArrayList<>();
        lines.add("# " + remark);
        lines.add("role " + (initiator ? "initiator" : "responder"));
        lines.add("identity " + identity);
        lines.add("static " + staticKey);
        lines.add("ephemeral " + ephemeralKey);
        pieces.forEach(piece -> lines.add((piece.byUs() ? "> " : "< ") + piece.hex()));
        ours.forEach(line -> lines.add("-> " + line));
        theirs.forEach(line -> lines.add("<- " + line));
        return String.join("\n", lines) + "\n";
    }

    /** Parses a file. */
    static Recording parse(String text) {
        boolean initiator = false;
        String identity = "";
        String staticKey = "";
        String ephemeralKey = "";
        List<Piece> pieces = new ArrayList<>();
        List<String> ours = new ArrayList<>();
        List<String> theirs = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String rest = line.substring(line.indexOf(' ') + 1);
            switch (line.substring(0, line.indexOf(' '))) {
                case "#" -> {}
                case "role" -> initiator = isInitiator(rest);
                case "identity" -> identity = rest;
                case "static" -> staticKey = rest;
                case "ephemeral" -> ephemeralKey = rest;
                case ">" -> pieces.add(new Piece(true, rest));
                case "<" -> pieces.add(new Piece(false, rest));
                case "->" -> ours.add(rest);
                case "<-" -> theirs.add(rest);
                default -> throw new IllegalArgumentException("not a line of a recording: " + line);
            }
        }
        return new Recording(initiator, identity, staticKey, ephemeralKey, pieces, ours, theirs);
    }

    private static boolean isInitiator(String role) {
        return switch (role) {
            case "initiator" -> true;
            case "responder" -> false;
            default -> throw new IllegalArgumentException("not a role of a recording: " + role);
        };
    }
}
