package org.minip2p.noise.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.minip2p.core.NoiseException;
import org.minip2p.core.Role;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FuzzSeeds;
import org.minip2p.core.testing.Vectors;
import org.minip2p.noise.FixedNoise;
import org.minip2p.noise.NoiseIdentity;
import org.minip2p.noise.RawPeer;
import org.minip2p.noise.netty.Pair.End;

/**
 * A handshake with a peer that follows Noise correctly but sends arbitrary payloads. The first byte chooses what the
 * rest is: with 0, 1 and 2 it is the payload of the first, second and third message; with 3 and 4 it is unencrypted
 * bytes to a responder and to an initiator.
 */
class HandshakeFuzzTest {
    private static final NoiseIdentity OURS = FixedNoise.identity();
    private static final byte[] IDENTITY_KEY =
            Vectors.load("noise-xx").object("libp2p_payload").hex("identity_key");

    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] input) throws NoiseException {
        accepts(input);
    }

    private static boolean accepts(byte[] input) throws NoiseException {
        if (input.length == 0) {
            return false;
        }
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        End end = switch ((input[0] & 0xff) % 5) {
            case 0 -> firstPayload(rest);
            case 1 -> secondPayload(rest);
            case 2 -> thirdPayload(rest);
            case 3 -> bareBytes(Role.RESPONDER, rest);
            default -> bareBytes(Role.INITIATOR, rest);
        };
        boolean isSecured = !end.sessions.isEmpty();
        end.sessions.forEach(
                session -> assertThat(session.remoteKey().encoded()).isEqualTo(IDENTITY_KEY));
        assertThat(end.sessions.size() + end.failures.size()).isLessThanOrEqualTo(1);
        assertThat(end.tail.received.size()).isZero();
        end.close();
        assertThat(end.failures.size()).isEqualTo(isSecured ? 0 : 1);
        LeakPresenceDetector.check();
        return isSecured;
    }

    private static End firstPayload(byte[] payload) throws NoiseException {
        End responder = new End(OURS, Role.RESPONDER, null);
        responder.receive(FixedNoise.peer(Role.INITIATOR).write(cut(payload, 32)));
        return responder;
    }

    private static End secondPayload(byte[] payload) throws NoiseException {
        End initiator = new End(OURS, Role.INITIATOR, null);
        RawPeer peer = FixedNoise.peer(Role.RESPONDER);
        peer.read(initiator.sent());
        initiator.receive(peer.write(cut(payload, 96)));
        return initiator;
    }

    private static End thirdPayload(byte[] payload) throws NoiseException {
        End responder = new End(OURS, Role.RESPONDER, null);
        RawPeer peer = FixedNoise.peer(Role.INITIATOR);
        responder.receive(peer.write(new byte[0]));
        peer.read(responder.sent());
        responder.receive(peer.write(cut(payload, 64)));
        return responder;
    }

    private static End bareBytes(Role role, byte[] bytes) {
        End end = new End(OURS, role, null);
        end.receive(bytes);
        return end;
    }

    private static byte[] cut(byte[] payload, int overhead) {
        return Arrays.copyOf(payload, Math.min(payload.length, 65_535 - overhead));
    }

    // SEC-22
    @TestFactory
    @Conforms({"NOI-39", "NOI-42", "NOI-43", "NOI-44"})
    Stream<DynamicTest> seeds() {
        return FuzzSeeds.replay(HandshakeFuzzTest.class, HandshakeFuzzTest::accepts, 500);
    }
}
