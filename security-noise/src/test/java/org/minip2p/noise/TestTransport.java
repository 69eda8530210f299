package org.minip2p.noise;

import org.minip2p.noise.crypto.NoiseCrypto;

/** Gives tests access to the counters of a session. */
public final class TestTransport {
    private TestTransport() {}

    /** The two ends of a session with random keys. */
    public static TransportState[] pair(NoiseConfig config) {
        return pair(config, TestKeys.staticKey().privateKey());
    }

    /** The two ends of a session with this key in one direction, and a different key in the other direction. */
    public static TransportState[] pair(NoiseConfig config, byte[] firstKey) {
        NoiseCrypto crypto = config.crypto();
        byte[] secondKey = firstKey.clone();
        secondKey[0] ^= 1;
        CipherState[] there = {CipherState.ofTransport(crypto, firstKey), CipherState.ofTransport(crypto, firstKey)};
        CipherState[] back = {CipherState.ofTransport(crypto, secondKey), CipherState.ofTransport(crypto, secondKey)};
        return new TransportState[] {
            new TransportState(there[0], back[0], new byte[32]), new TransportState(back[1], there[1], new byte[32])
        };
    }

    /** The number of the next message that is sent. */
    public static void setSendNonce(TransportState transport, long nonce) {
        transport.send().setNonce(nonce);
    }

    /** The number of the next message that is received. */
    public static void setReceiveNonce(TransportState transport, long nonce) {
        transport.receive().setNonce(nonce);
    }
}
