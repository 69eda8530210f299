package org.minip2p.benchmarks;

import org.minip2p.noise.crypto.NoiseCrypto;

/** What lies between two ends. */
public enum PathKind {
    /** Netty alone: the floor of everything. */
    RAW {
        @Override
        Ends open(Io io, NoiseCrypto crypto) {
            return RawEnds.open(io, pipeline -> {});
        }
    },
    /** Full frames of ChaCha20-Poly1305 behind their length, nothing else: the floor of a secure stream. */
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
