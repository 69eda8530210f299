package org.minip2p.host;

import io.netty.util.concurrent.EventExecutor;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.minip2p.core.PeerId;
import org.minip2p.core.ProtocolId;
import org.minip2p.multistream.MultistreamConfig;
import org.minip2p.noise.NoiseIdentity;
import org.minip2p.yamux.YamuxConfig;

/**
 * What the parts of one host share.
 *
 * @param self the host's own id
 * @param noise its identity in the Noise handshake
 * @param awaitConfirmation protocols of which nothing is sent before the peer has confirmed them
 * @param verifier checks proofs of identity that take long
 * @param peerExecutor decides, one task after the other, what concerns several connections of a peer
 */
record HostServices(
        PeerId self,
        HostConfig config,
        NoiseIdentity noise,
        YamuxConfig yamux,
        HostMemory memory,
        MultistreamConfig negotiationLimits,
        ProtocolRegistry protocols,
        Set<ProtocolId> awaitConfirmation,
        ConnectionGater gater,
        ConnectionLimits limits,
        Events events,
        Executor verifier,
        EventExecutor peerExecutor,
        AtomicLong connectionIds) {}
