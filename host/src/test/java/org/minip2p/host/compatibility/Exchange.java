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
 * What two ends do with Netty's handlers, whatever carries their channel: a server's handlers, a client's, and the answer that the client comes
 * to. Beside it, what a hostile peer sends to either.
 *
 * @param name the handlers, as the table of results calls them
 * @param peerEnd what both ends do when the other one has ended its side
 * @param server puts the handlers of the end that was called into its pipeline
 * @param client puts the handlers of the other end into its pipeline
 * @param endsItself whether the channel ends with the answer, whatever the client does
 * @param expected the answer by the number of the exchange
 * @param toServer what a hostile client sends
 * @param toClient what a hostile server sends
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

    /** Puts handlers into a pipeline. */
    @FunctionalInterface
    interface Server {
        void addTo(ChannelPipeline pipeline) throws Exception;
    }

    /** Puts handlers into a pipeline which, in the end, complete the answer. */
    @FunctionalInterface
    interface Client {
        void addTo(ChannelPipeline pipeline, int number, CompletableFuture<String> answer) throws Exception;
    }

    /** What the hostile end does when it has sent its bytes. */
    enum Then {
        /** Drops the connection or the stream. */
        RESETS,
        /** Ends its side, and waits. */
        ENDS,
        /** Waits to be thrown out. */
        WAITS
    }

    /**
     * What a hostile end sends.
     *
     * @param opening what it begins with, as an honest end would; may be nothing
     * @param bytes what it sends next
     * @param atOnce without waiting until something comes
     * @param then what comes after them
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

    /** A client that resets, or ends its side, after half a message, and one that sends what no client should. */
    Exchange withHostileClients(byte[] halfAMessage, byte[] garbage) {
        return withClients(hostile(NOTHING, halfAMessage, garbage, true));
    }

    /** As {@link #withHostileClients}; they open as an honest client does, and go on when that is answered. */
    Exchange withHostileClientsThatOpen(byte[] opening, byte[] halfAMessage, byte[] garbage) {
        return withClients(hostile(opening, halfAMessage, garbage, false));
    }

    private Exchange withClients(List<Hostile> more) {
        List<Hostile> all = Stream.concat(toServer.stream(), more.stream()).toList();
        return new Exchange(name, peerEnd, server, client, endsItself, expected, all, toClient);
    }

    /** A server that resets, or ends its side, after half an answer, and one that answers what no server should. */
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

    /** As {@link #withHostileServers}; they do not wait for a question. */
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
