package org.minip2p.handshake;

import java.util.HexFormat;
import org.minip2p.core.Printable;

/**
 * More information about a node. The peer chooses the texts; {@link #toString} shows them cut and escaped.
 *
 * @param nodeVersion the version of the node
 * @param executionNode the execution client that it uses
 * @param consensusNode the consensus client that it uses
 * @param subnets the subnets that it takes part in: {@value #SUBNETS_LENGTH} hexadecimal characters, zeros for none
 */
public record Metadata(String nodeVersion, String executionNode, String consensusNode, String subnets) {
    /** The length of {@code subnets}, in characters: 128 bits. */
    public static final int SUBNETS_LENGTH = 32;

    /** How many subnets there are. */
    public static final int SUBNETS = 128;

    /**
     * Checks the subnets (NIF-11, NIF-12).
     *
     * @throws IllegalArgumentException when they are not {@value #SUBNETS_LENGTH} hexadecimal characters
     * @param nodeVersion the version of the node
     * @param executionNode the execution client that it uses
     * @param consensusNode the consensus client that it uses
     * @param subnets the subnets that it takes part in: {@value #SUBNETS_LENGTH} hexadecimal characters, zeros for none
     */
    public Metadata {
        if (subnets.length() != SUBNETS_LENGTH) {
            throw new IllegalArgumentException(
                    "subnets are " + SUBNETS_LENGTH + " hexadecimal characters, not " + subnets.length());
        }
        if (!subnets.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("subnets are hexadecimal: " + Printable.of(subnets));
        }
    }

    /**
     * {@return whether the node takes part in a subnet: bit {@code n mod 8}, lowest first, of byte {@code n / 8} (NIF-11)}
     *
     * @param subnet 0 to 127
     */
    public boolean hasSubnet(int subnet) {
        if (subnet < 0 || subnet >= SUBNETS) {
            throw new IllegalArgumentException("subnets are 0 to " + (SUBNETS - 1) + ", not " + subnet);
        }
        int position = subnet / 8 * 2;
        int octet = HexFormat.fromHexDigits(subnets, position, position + 2);
        return (octet >> subnet % 8 & 1) != 0;
    }

    @Override
    public String toString() {
        return "Metadata[nodeVersion=" + Printable.of(nodeVersion) + ", executionNode=" + Printable.of(executionNode)
                + ", consensusNode=" + Printable.of(consensusNode) + ", subnets=" + subnets + "]";
    }
}
