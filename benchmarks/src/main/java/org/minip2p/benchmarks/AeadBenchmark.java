package org.minip2p.benchmarks;

import java.util.concurrent.TimeUnit;
import javax.crypto.AEADBadTagException;
import org.minip2p.noise.crypto.Aead;
import org.minip2p.noise.crypto.NoiseCrypto;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The minimum cost of every byte on a connection: sealing and opening one ChaCha20-Poly1305 message in place. Run with {@code -prof gc} to
 * measure allocation.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class AeadBenchmark {
    private static final byte[] NO_DATA = {};

    /** The implementation. */
    @Param({"standard", "jdk", "bouncyCastle"})
    public String crypto = "";

    /** The length of the plain text; the last value is that of a full Noise frame. */
    @Param({"64", "1024", "16384", "65519"})
    public int bytes;

    private Aead sealing = NoiseCrypto.standard().aead(new byte[Aead.KEY_BYTES]);
    private Aead opening = sealing;
    private byte[] buffer = {};
    private byte[] sealed = {};
    private long nonce;

    /** Makes the ciphers and one sealed message. */
    @Setup
    public void setUp() {
        NoiseCrypto implementation = switch (crypto) {
            case "standard" -> NoiseCrypto.standard();
            case "jdk" -> NoiseCrypto.jdk();
            case "bouncyCastle" -> NoiseCrypto.bouncyCastle();
            default -> throw new IllegalStateException("unknown crypto " + crypto);
        };
        sealing = implementation.aead(new byte[Aead.KEY_BYTES]);
        opening = implementation.aead(new byte[Aead.KEY_BYTES]);
        buffer = new byte[bytes + Aead.TAG_BYTES];
        sealed = new byte[bytes + Aead.TAG_BYTES];
    }

    /** One message sealed. */
    @Benchmark
    public byte[] seal() {
        sealing.seal(nonce++, NO_DATA, buffer, 0, bytes);
        return buffer;
    }

    /** One message sealed and opened again by the other end. */
    @Benchmark
    public byte[] sealAndOpen() throws AEADBadTagException {
        long number = nonce++;
        sealing.seal(number, NO_DATA, sealed, 0, bytes);
        opening.open(number, NO_DATA, sealed, 0, bytes + Aead.TAG_BYTES);
        return sealed;
    }
}
