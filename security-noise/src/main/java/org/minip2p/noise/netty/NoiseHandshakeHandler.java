package org.minip2p.noise.netty;

import static org.minip2p.noise.HandshakeFailedException.Reason.CONNECTION_FAILED;
import static org.minip2p.noise.HandshakeFailedException.Reason.TRUNCATED;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.NoiseException;
import org.minip2p.core.PeerId;
import org.minip2p.core.Role;
import org.minip2p.noise.HandshakeFailedException;
import org.minip2p.noise.NoiseHandshake;
import org.minip2p.noise.NoiseIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stage that does the Noise handshake. Each message is preceded by its length in two bytes, big endian (NOI-24).
 *
 * <h2>Start</h2>
 * The initiator writes and flushes message 1 as soon as the handler is in the pipeline of an active channel.
 *
 * <h2>Hand-over</h2>
 * When the peer is proven, this handler writes the last message, adds a {@link NoiseTransportHandler} right after itself, and calls the
 * listener, which installs the next stage. Then everything written is flushed at once; this handler removes itself, and passes unread bytes
 * to the transport handler.
 *
 * <h2>Slow proofs</h2> With an executor for them, the check of an RSA, ECDSA or secp256k1 signature does not block the event loop. Until it
 * returns, nothing is read.
 *
 * <h2>Failure</h2>
 * The listener is told once, with a {@link NoiseException}; an end of the input is a failure, too (NOI-32). After that all input is discarded
 * and nothing is written. It never closes the channel and has no deadline: both are the owner's (NOI-52).
 *
 * <p>Confined to the channel's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel, which is noticed
public final class NoiseHandshakeHandler extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(NoiseHandshakeHandler.class);
    private static final int LENGTH_BYTES = Short.BYTES;

    private enum State {
        NEW,
        RUNNING,
        /** The peer's proof is being checked elsewhere; nothing is read meanwhile. */
        PROVING,
        SECURED,
        FAILED
    }

    private final Role role;
    private final SecureChannelListener listener;
    private final NoiseHandshake handshake;
    private final @Nullable Executor verifier;
    private State state = State.NEW;

    /**
     * Creates the handler for one channel.
     *
     * @param identity our identity
     * @param role the dialer initiates
     * @param expectedPeer the expected peer; null for any peer
     * @param listener receives the result
     * @throws IllegalStateException when the identity is closed
     */
    public NoiseHandshakeHandler(
            NoiseIdentity identity, Role role, @Nullable PeerId expectedPeer, SecureChannelListener listener) {
        this(identity, role, expectedPeer, listener, null);
    }

    /**
     * The same, with slow checks on another executor.
     *
     * @param verifier runs slow checks of identity proofs; null to run them on the event loop
     */
    public NoiseHandshakeHandler(
            NoiseIdentity identity,
            Role role,
            @Nullable PeerId expectedPeer,
            SecureChannelListener listener,
            @Nullable Executor verifier) {
        this.role = role;
        this.listener = listener;
        this.verifier = verifier;
        handshake = new NoiseHandshake(identity, role, expectedPeer, verifier != null);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            start(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        start(ctx);
        ctx.fireChannelActive();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (state == State.FAILED) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (state == State.PROVING || in.readableBytes() < LENGTH_BYTES) {
            return;
        }
        int length = in.getUnsignedShort(in.readerIndex());
        if (in.readableBytes() < LENGTH_BYTES + length) {
            return;
        }
        byte[] message = new byte[length];
        in.skipBytes(LENGTH_BYTES).readBytes(message);
        receive(ctx, message);
    }

    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (state != State.FAILED) {
            fail(ctx, new HandshakeFailedException(TRUNCATED, "the input ended before the handshake was complete"));
        }
        in.skipBytes(in.readableBytes());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Throwable root = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (root instanceof RuntimeException || root instanceof Error) {
            LOG.error(
                    "channel={} stage=noise-handshake state={} event=internal-error",
                    ctx.channel().id(),
                    state,
                    root);
        }
        fail(ctx, new HandshakeFailedException(CONNECTION_FAILED, "the connection failed in the handshake", root));
        if (root instanceof Error) {
            ctx.fireExceptionCaught(root);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        handshake.close();
    }

    private void start(ChannelHandlerContext ctx) {
        if (state != State.NEW) {
            return;
        }
        state = State.RUNNING;
        if (role == Role.INITIATOR) {
            write(ctx, handshake.begin());
            ctx.flush();
        }
    }

    private void receive(ChannelHandlerContext ctx, byte[] message) {
        NoiseHandshake.Outcome outcome;
        try {
            outcome = handshake.receive(message);
        } catch (NoiseException e) {
            fail(ctx, e);
            return;
        }
        if (outcome instanceof NoiseHandshake.Reply reply) {
            write(ctx, reply.message());
            ctx.flush();
        } else if (outcome instanceof NoiseHandshake.Complete complete) {
            handOver(ctx, complete);
        } else if (outcome instanceof NoiseHandshake.Proof proof && verifier != null) {
            prove(ctx, proof, verifier);
        }
    }

    /** Starts the check of the proof, and reads nothing until it is done. */
    private void prove(ChannelHandlerContext ctx, NoiseHandshake.Proof proof, Executor elsewhere) {
        state = State.PROVING;
        ctx.channel().config().setAutoRead(false);
        try {
            elsewhere.execute(() -> {
                proof.check();
                backOnTheEventLoop(ctx, proof);
            });
        } catch (RejectedExecutionException e) {
            fail(ctx, new HandshakeFailedException(CONNECTION_FAILED, "identity proofs are no longer checked", e));
        }
    }

    private void backOnTheEventLoop(ChannelHandlerContext ctx, NoiseHandshake.Proof proof) {
        try {
            ctx.executor().execute(() -> proved(ctx, proof));
        } catch (RejectedExecutionException e) {
            LOG.trace(
                    "channel={} stage=noise-handshake event-loop=shut-down",
                    ctx.channel().id());
        }
    }

    private void proved(ChannelHandlerContext ctx, NoiseHandshake.Proof proof) {
        if (state != State.PROVING || ctx.isRemoved()) {
            return;
        }
        state = State.RUNNING;
        ctx.channel().config().setAutoRead(true);
        try {
            handOver(ctx, handshake.conclude(proof));
        } catch (NoiseException e) {
            fail(ctx, e);
        }
    }

    private void handOver(ChannelHandlerContext ctx, NoiseHandshake.Complete complete) {
        state = State.SECURED;
        complete.lastMessage().ifPresent(message -> write(ctx, message));
        NoiseTransportHandler transport = new NoiseTransportHandler(complete.transport(), listener);
        ctx.pipeline().addAfter(ctx.name(), null, transport);
        ChannelHandlerContext transportCtx = ctx.pipeline().context(transport);
        listener.secured(transportCtx, complete.session());
        transport.flush(transportCtx);
        ctx.pipeline().remove(this);
    }

    private void fail(ChannelHandlerContext ctx, Libp2pException cause) {
        if (state == State.FAILED || state == State.SECURED) {
            return;
        }
        state = State.FAILED;
        handshake.close();
        listener.failed(ctx, cause);
    }

    private static void write(ChannelHandlerContext ctx, byte[] message) {
        ByteBuf frame = ctx.alloc().ioBuffer(LENGTH_BYTES + message.length);
        frame.writeShort(message.length).writeBytes(message);
        ctx.write(frame);
    }
}
