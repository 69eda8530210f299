package org.minip2p.benchmarks;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import javax.crypto.AEADBadTagException;
import org.minip2p.core.NoiseException;
import org.minip2p.noise.CipherException;
import org.minip2p.noise.CipherState;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One message of a Noise session, sealed, and opened by the other end, in the kind of memory that suits the cipher. The floor is the cipher
 * alone. An open cannot be measured alone: no implementation opens under the same nonce twice.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class CipherBenchmark {
    private static final byte[] NO_DATA = {};

    /** The length of the plain text; the last value is that of a full Noise frame. */
    @Param({"64", "1024", "16384", "65519"})
    public int bytes;

    private final NoisePair pair = new NoisePair();
    private final Aead sealing = NoiseCrypto.standard().aead(new byte[Aead.KEY_BYTES]);
    private final Aead opening = NoiseCrypto.standard().aead(new byte[Aead.KEY_BYTES]);

    @SuppressWarnings("NullAway.Init") // by setUp
    private NoisePair.Ciphers ciphers;

    @SuppressWarnings("NullAway.Init") // by setUp
    private CipherState send;

    @SuppressWarnings("NullAway.Init") // by setUp
    private CipherState receive;

    private ByteBuffer plainText = ByteBuffer.allocate(0);
    private ByteBuffer message = ByteBuffer.allocate(0);
    private ByteBuffer opened = ByteBuffer.allocate(0);
    private long nonce;

    /** Performs the handshake. */
    @Setup
    public void setUp() throws NoiseException {
        ciphers = pair.shakeHands();
        send = ciphers.initiator().send();
        receive = ciphers.responder().receive();
        int length = bytes + Aead.TAG_BYTES;
        plainText = memory(bytes);
        message = memory(length);
        opened = memory(length);
    }

    private ByteBuffer memory(int length) {
        return send.isDirect() ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
    }

    /** Wipes the keys. */
    @TearDown
    public void tearDown() {
        ciphers.close();
        pair.close();
    }

    /** The floor: the cipher alone. */
    @Benchmark
    public ByteBuffer aeadSeal() {
        sealing.seal(nonce++, NO_DATA, plainText, message);
        return message;
    }

    /** The floor of a message: sealed, and opened again by the cipher alone. */
    @Benchmark
    public ByteBuffer aeadSealAndOpen() throws AEADBadTagException {
        long number = nonce++;
        sealing.seal(number, NO_DATA, plainText, message);
        opening.open(number, NO_DATA, message, opened);
        return opened;
    }

    /** A message sealed. */
    @Benchmark
    public ByteBuffer seal() throws CipherException {
        send.encrypt(plainText, message);
        return message;
    }

    /** A message sealed, and opened by the other end. */
    @Benchmark
    public ByteBuffer sealAndOpen() throws CipherException {
        send.encrypt(plainText, message);
        receive.decrypt(message, opened);
        return opened;
    }
}
