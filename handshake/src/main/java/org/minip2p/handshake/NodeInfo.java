package org.minip2p.handshake;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.minip2p.core.Printable;
import org.minip2p.core.PrivateKey;
import org.minip2p.host.Host;

/**
 * The information that two nodes exchange in the handshake.
 *
 * @param networkId the network, as it is on the wire: {@code 0x} and, by custom, the four bytes of the domain in lower case
 *     hexadecimal, such as {@code 0x00000502}; compared as text
 * @param metadata more about the node, if it sends any
 */
public record NodeInfo(String networkId, Optional<Metadata> metadata) {
    /** The most bytes of a sealed node info: other implementations read no more (NIF-27). */
    public static final int MAX_SEALED_BYTES = 1024;

    /** The prefix of every network id. */
    public static final String NETWORK_PREFIX = "0x";

    /**
     * Checks the network id (NIF-5, NIF-6).
     *
     * @throws IllegalArgumentException when it does not begin with {@code 0x}
     * @param networkId the network, as it is on the wire: {@code 0x} and, by custom, the four bytes of the domain in lower case
     *     hexadecimal, such as {@code 0x00000502}; compared as text
     * @param metadata more about the node, if it sends any
     */
    public NodeInfo {
        if (!networkId.startsWith(NETWORK_PREFIX)) {
            throw new IllegalArgumentException("a network id begins with 0x: " + Printable.of(networkId));
        }
    }

    /**
     * Node info without metadata.
     *
     * @param networkId as it is on the wire, such as {@code 0x00000501}
     * @return the node info
     */
    public static NodeInfo of(String networkId) {
        return new NodeInfo(networkId, Optional.empty());
    }

    /**
     * Node info with metadata.
     *
     * @param networkId as it is on the wire, such as {@code 0x00000501}
     * @param metadata the metadata
     * @return the node info
     */
    public static NodeInfo of(String networkId, Metadata metadata) {
        return new NodeInfo(networkId, Optional.of(metadata));
    }

    /** {@return the payload of an envelope, in JSON (NIF-3, NIF-4, NIF-7)} */
    public byte[] encode() {
        return NodeInfoJson.write(this);
    }

    /**
     * Reads the payload of an envelope.
     *
     * @param payload JSON
     * @return the node info
     * @throws InvalidNodeInfoException when it is not JSON, or not node info
     */
    public static NodeInfo decode(byte[] payload) throws InvalidNodeInfoException {
        return NodeInfoJson.read(payload);
    }

    /**
     * {@return the signed envelope that a host sends}
     *
     * @param host signs
     * @throws IllegalArgumentException when it would be longer than {@value #MAX_SEALED_BYTES} bytes: then the metadata is too long
     */
    public byte[] seal(Host host) {
        return checked(SignedEnvelope.seal(host, NodeInfoCheck.DOMAIN, NodeInfoCheck.payloadType(), encode()));
    }

    /**
     * {@return the signed envelope that is sent}
     *
     * @param key signs
     * @throws IllegalArgumentException when it would be longer than {@value #MAX_SEALED_BYTES} bytes: then the metadata is too long
     */
    public byte[] seal(PrivateKey key) {
        return checked(SignedEnvelope.seal(key, NodeInfoCheck.DOMAIN, NodeInfoCheck.payloadType(), encode()));
    }

    private static byte[] checked(byte[] sealed) {
        if (sealed.length > MAX_SEALED_BYTES) {
            throw new IllegalArgumentException("this node info makes an envelope of " + sealed.length
                    + " bytes; other nodes read at most " + MAX_SEALED_BYTES);
        }
        return sealed;
    }

    /** The most bytes that its texts take. */
    int keptBytes() {
        int chars = networkId.length()
                + metadata.map(m -> m.nodeVersion().length()
                                + m.executionNode().length()
                                + m.consensusNode().length()
                                + m.subnets().length())
                        .orElse(0);
        return Character.BYTES * chars;
    }

    /** Identifies it without keeping its texts: SHA-256 of {@link #encode}. */
    byte[] digest() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(encode());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "NodeInfo[networkId=" + Printable.of(networkId)
                + metadata.map(m -> ", metadata=" + m).orElse("") + "]";
    }
}
