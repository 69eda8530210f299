package org.minip2p.benchmarks;

import java.util.concurrent.TimeUnit;
import org.minip2p.core.KeyType;
import org.minip2p.core.NoiseException;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.PublicKey;
import org.minip2p.noise.crypto.KeyPair;
import org.minip2p.noise.crypto.NoiseCrypto;
import org.minip2p.noise.crypto.X25519;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** One Noise XX handshake, both ends in one thread, without sockets. The floor is the work with its keys. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class NoiseBenchmark {
    private static final int SECRETS = 6; // ee, es and se, at both ends
    private static final byte[] SIGNED = new byte[56];

    private final NoisePair pair = new NoisePair();
    private final X25519 x25519 = NoiseCrypto.standard().x25519();
    private final PrivateKey identity = PrivateKey.generate(KeyType.ED25519);
    private final PublicKey key = identity.publicKey();
    private final byte[] signature = identity.sign(SIGNED);
    private final byte[] secret = new byte[X25519.KEY_BYTES];

    /** Wipes the keys. */
    @TearDown
    public void tearDown() {
        pair.close();
    }

    /** Three messages, the proofs of both peers, and four ciphers. */
    @Benchmark
    public void handshake(Blackhole hole) throws NoiseException {
        try (NoisePair.Ciphers ciphers = pair.shakeHands()) {
            hole.consume(ciphers);
        }
    }

    /** The floor: two ephemeral keys, six shared secrets, two signatures verified. */
    @Benchmark
    public void keys(Blackhole hole) {
        KeyPair ours = x25519.generate();
        KeyPair theirs = x25519.generate();
        for (int i = 0; i < SECRETS; i++) {
            hole.consume(x25519.agree(ours.privateKey(), theirs.publicKey(), secret));
        }
        hole.consume(key.verify(SIGNED, signature));
        hole.consume(key.verify(SIGNED, signature));
    }
}
