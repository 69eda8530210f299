package org.minip2p.benchmarks;

import org.minip2p.noise.crypto.NoiseCrypto;

/** The implementation of the primitives, as a parameter of a benchmark. */
public enum Crypto {
    /** The fastest ones on the class path. */
    STANDARD {
        @Override
        NoiseCrypto get() {
            return NoiseCrypto.standard();
        }
    },
    /** Those of a JVM without Conscrypt. */
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
