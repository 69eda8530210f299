package org.minip2p.benchmarks;

import org.minip2p.noise.crypto.NoiseCrypto;

/** The kind of path between two ends. */
public enum PathKind {
    /** Netty alone: the floor of everything. */
    RAW {
        @Override
        Ends open(Io io, NoiseCrypto crypto) {
            return RawEnds.open(io, pipeline -> {});
        }
    },
    /** Only full ChaCha20-Poly1305 frames with their length: the floor of a secure stream. */
    NOISE {
        @Override
        Ends open(Io io, NoiseCrypto crypto) {
            return RawEnds.open(io, pipeline -> pipeline.addLast(new BareFrames(crypto)));
        }
    },
    /** A stream between two hosts: multistream-select, Noise, Yamux. */
    STREAM {
        @Override
        Ends open(Io io, NoiseCrypto crypto) {
            return HostEnds.open(io, crypto);
        }
    };

    abstract Ends open(Io io, NoiseCrypto crypto);
}
