package org.minip2p.noise;

import java.util.List;
import org.minip2p.core.config.Setting;
import org.minip2p.noise.crypto.NoiseCrypto;

/**
 * The Noise configuration of a host.
 *
 * <p>Immutable.
 *
 * @param muxers the names of our muxers, in our order of preference
 * @param earlyMuxerNegotiation whether they are named in the handshake, which saves their negotiation a round trip (NOI-62)
 * @param crypto the provider of the primitives
 */
public record NoiseConfig(List<String> muxers, boolean earlyMuxerNegotiation, NoiseCrypto crypto) {
    /** The default of {@link #earlyMuxerNegotiation}, with its name and text for outer configurations. */
    public static final Setting<Boolean> EARLY_MUXER_NEGOTIATION =
            Setting.flag("earlyMuxerNegotiation", true, "Whether the muxer is agreed on inside the Noise handshake.");

    /** Copies the list. */
    public NoiseConfig {
        muxers = List.copyOf(muxers);
        if (muxers.size() > HandshakePayload.MAX_MUXERS) {
            throw new IllegalArgumentException(
                    "at most " + HandshakePayload.MAX_MUXERS + " muxers, not " + muxers.size());
        }
    }

    /** Yamux, named in the handshake, with the standard crypto. */
    public static NoiseConfig defaults() {
        return new NoiseConfig(List.of("/yamux/1.0.0"), EARLY_MUXER_NEGOTIATION.defaultValue(), NoiseCrypto.standard());
    }

    /** The same with other muxers. */
    public NoiseConfig withMuxers(List<String> newMuxers) {
        return new NoiseConfig(newMuxers, earlyMuxerNegotiation, crypto);
    }

    /** The same with early muxer negotiation on or off. */
    public NoiseConfig withEarlyMuxerNegotiation(boolean on) {
        return new NoiseConfig(muxers, on, crypto);
    }

    /** The same with other crypto. */
    public NoiseConfig withCrypto(NoiseCrypto newCrypto) {
        return new NoiseConfig(muxers, earlyMuxerNegotiation, newCrypto);
    }

    /** The muxers that we name in a handshake. */
    List<String> earlyMuxers() {
        return earlyMuxerNegotiation ? muxers : List.of();
    }
}
