package org.minip2p.benchmarks;

import org.minip2p.noise.crypto.NoiseCrypto;

/** Where the primitives come from, by name, for the parameters of a benchmark. */
public enum Crypto {
    /** The fastest that are on the class path. */
    STANDARD {
        @Override
        NoiseCrypto get() {
            return NoiseCrypto.standard();
        }
    },
    /** What a JVM has without Conscrypt. */
    JDK {
        @Override
        NoiseCrypto get() {
            return NoiseCrypto.jdk();
        }
    },
    /** BouncyCastle for everything. */
    BOUNCY_CASTLE {
        @Override
        NoiseCrypto get() {
            return NoiseCrypto.bouncyCastle();
        }
    };

    abstract NoiseCrypto get();
}
