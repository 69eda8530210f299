package org.minip2p.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.handshake.NodeInfo;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses the arguments that are not plain numbers or texts; each error says what was expected. */
final class Arguments {
    private Arguments() {}

    static void registerWith(CommandLine commandLine) {
        commandLine.registerConverter(Multiaddr.class, Arguments::multiaddr);
        commandLine.registerConverter(KeyType.class, Arguments::keyType);
        commandLine.registerConverter(NodeInfo.class, Arguments::network);
    }

    private static Multiaddr multiaddr(String text) {
        try {
            return Multiaddr.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(
                    Failures.text(e) + ", for example /ip4/127.0.0.1/tcp/4001/p2p/12D3KooW...");
        }
    }

    private static NodeInfo network(String text) {
        try {
            return NodeInfo.of(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(Failures.text(e) + "; expected a network id such as 0x00000502");
        }
    }

    private static KeyType keyType(String text) {
        for (KeyType type : KeyType.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(text)) {
                return type;
            }
        }
        throw new TypeConversionException("expected ed25519, secp256k1, ecdsa or rsa, not '" + text + "'");
    }

    /** A number of bytes, with or without a unit. */
    static final class Bytes implements ITypeConverter<Long> {
        private static final Pattern FORM = Pattern.compile("(\\d{1,18})(|KiB|MiB|GiB)");

        @Override
        public Long convert(String text) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                throw new TypeConversionException(
                        "expected a number of bytes such as 1048576, 64KiB, 1MiB or 2GiB, not '" + text + "'");
            }
            int shift = switch (form.group(2)) {
                case "KiB" -> 10;
                case "MiB" -> 20;
                case "GiB" -> 30;
                case "" -> 0;
                default -> throw new IllegalStateException("unknown unit: " + form.group(2));
            };
            long number = Long.parseLong(form.group(1));
            if (number > Long.MAX_VALUE >> shift) {
                throw new TypeConversionException("expected fewer than 2^63 bytes, not " + text);
            }
            return number << shift;
        }
    }

    /** A port; 0 stands for a free one. */
    static final class Port implements ITypeConverter<Integer> {
        private static final int MAX = 65_535;

        @Override
        public Integer convert(String text) {
            try {
                int port = Integer.parseInt(text);
                if (port >= 0 && port <= MAX) {
                    return port;
                }
            } catch (NumberFormatException e) {
                // Reported below, as for a number out of range.
            }
            throw new TypeConversionException("expected a port from 0 to " + MAX + ", not '" + text + "'");
        }
    }

    /** A whole number above zero. */
    static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            try {
                int number = Integer.parseInt(text);
                if (number >= 1) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Reported below, as for a number that is too small.
            }
            throw new TypeConversionException("expected a whole number of at least 1, not '" + text + "'");
        }
    }
}
