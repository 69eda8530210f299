package org.minip2p.host.compatibility;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.minip2p.host.PeerEnd;

/**
 * What two ends do with Netty's handlers, over any carrier: the handlers of a server and of a client, and the answer
 * that the client gets. An exchange also has the bytes that a hostile peer sends to either end.
 *
 * @param name the handlers, as the table of results calls them
 * @param peerEnd what both ends do when the other one has ended its side
 * @param server adds the server's handlers to its pipeline
 * @param client adds the client's handlers to its pipeline
 * @param endsItself whether the channel ends with the answer, whatever the client does
 * @param expected the answer for the number of the exchange
 * @param toServer what hostile clients send
 * @param toClient what hostile servers send
 */
record Exchange(
        String name,
        PeerEnd peerEnd,
        Server server,
        Client client,
        boolean endsItself,
        IntFunction<String> expected,
        List<Hostile> toServer,
        List<Hostile> toClient) {

    private static final byte[] NOTHING = {};

    /** Adds handlers to a pipeline. */
    @FunctionalInterface
    interface Server {
        void addTo(ChannelPipeline pipeline) throws Exception;
    }

    /** Adds handlers to a pipeline. In the end, they complete the answer. */
    @FunctionalInterface
    interface Client {
        void addTo(ChannelPipeline pipeline, int number, CompletableFuture<String> answer) throws Exception;
    }

    /** What the hostile end does after it has sent its bytes. */
    enum Then {
        /** Resets the connection or the stream. */
        RESETS,
        /** Ends its side, and waits. */
        ENDS,
        /** Waits until the other end closes the channel. */
        WAITS
    }

    /**
     * The bytes of a hostile end.
     *
     * @param opening what it sends first, like an honest end; may be empty
     * @param bytes what it sends next
     * @param atOnce whether it sends them without waiting until it receives something
     * @param then what it does afterwards
     */
    record Hostile(AsciiString opening, AsciiString bytes, boolean atOnce, Then then) {
        @Override
        public String toString() {
            int shown = Math.min(bytes.length(), 16);
            return bytes.length() + " bytes " + ByteBufUtil.hexDump(bytes.array(), 0, shown) + ", then " + then;
        }
    }

    static Exchange of(String name, PeerEnd peerEnd, Server server, Client client, IntFunction<String> expected) {
        return new Exchange(name, peerEnd, server, client, false, expected, List.of(), List.of());
    }

    /** The channel ends with the answer, whatever the client does. */
    Exchange thatEndsItself() {
        return new Exchange(name, peerEnd, server, client, true, expected, toServer, toClient);
    }

    /** Adds clients that reset or end their side after half a message, and one that sends garbage. */
    Exchange withHostileClients(byte[] halfAMessage, byte[] garbage) {
        return withClients(hostile(NOTHING, halfAMessage, garbage, true));
    }

    /** Like {@link #withHostileClients}, but they open like an honest client, and continue when they have an answer. */
    Exchange withHostileClientsThatOpen(byte[] opening, byte[] halfAMessage, byte[] garbage) {
        return withClients(hostile(opening, halfAMessage, garbage, false));
    }

    private Exchange withClients(List<Hostile> more) {
        List<Hostile> all = Stream.concat(toServer.stream(), more.stream()).toList();
        return new Exchange(name, peerEnd, server, client, endsItself, expected, all, toClient);
    }

    /** Sets servers that reset or end their side after half an answer, and one that answers with garbage. */
    Exchange withHostileServers(byte[] halfAnAnswer, byte[] garbage) {
        return new Exchange(
                name,
                peerEnd,
                server,
                client,
                endsItself,
                expected,
                toServer,
                hostile(NOTHING, halfAnAnswer, garbage, false));
    }

    /** Like {@link #withHostileServers}, but they do not wait for a question. */
    Exchange withHostileServersThatBegin(byte[] half, byte[] garbage) {
        return new Exchange(
                name, peerEnd, server, client, endsItself, expected, toServer, hostile(NOTHING, half, garbage, true));
    }

    private static List<Hostile> hostile(byte[] opening, byte[] half, byte[] garbage, boolean atOnce) {
        return List.of(
                new Hostile(new AsciiString(opening), new AsciiString(half), atOnce, Then.RESETS),
                new Hostile(new AsciiString(opening), new AsciiString(half), atOnce, Then.ENDS),
                new Hostile(new AsciiString(opening), new AsciiString(garbage), atOnce, Then.WAITS));
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return name;
    }
}
