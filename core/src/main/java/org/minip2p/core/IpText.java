package org.minip2p.core;

import java.util.Arrays;

/**
 * IP addresses as text, without any look-up: IPv4 as four plain decimal numbers (RFC 6943, 3.1.1), IPv6 read in every form of
 * RFC 4291, 2.2, and written as RFC 5952 says.
 */
final class IpText {
    static final int IP4_BYTES = 4;
    static final int IP6_BYTES = 16;

    private static final int GROUPS = 8;
    private static final int MAX_IP6_LENGTH = 45;

    private IpText() {}

    /** Reads four octets without leading zeros. */
    static byte[] parseIp4(String text) {
        byte[] address = new byte[IP4_BYTES];
        int start = 0;
        for (int i = 0; i < IP4_BYTES; i++) {
            int end = i == IP4_BYTES - 1 ? text.length() : text.indexOf('.', start);
            address[i] = (byte) octet(text, start, end);
            start = end + 1;
        }
        return address;
    }

    /** The end is below the start when a dot is missing. */
    private static int octet(String text, int start, int end) {
        int digits = end - start;
        boolean plain = digits >= 1 && digits <= 3 && (digits == 1 || text.charAt(start) != '0');
        int value = plain ? number(text, start, end, 10) : -1;
        if (value < 0 || value > 0xff) {
            throw new IllegalArgumentException(
                    "an IPv4 address has four octets, 0 to 255 without leading zeros: " + Printable.of(text));
        }
        return value;
    }

    static String formatIp4(byte[] address) {
        return formatIp4(address, 0);
    }

    private static String formatIp4(byte[] address, int at) {
        return (address[at] & 0xff) + "." + (address[at + 1] & 0xff) + "." + (address[at + 2] & 0xff) + "."
                + (address[at + 3] & 0xff);
    }

    /** Reads eight groups, of which one run may be left out as {@code ::} and the last two may be an IPv4 address. */
    static byte[] parseIp6(String text) {
        int gap = text.indexOf("::");
        byte[] address = new byte[IP6_BYTES];
        if (text.length() > MAX_IP6_LENGTH) {
            throw notIp6(text);
        }
        if (gap < 0) {
            byte[] all = groups(text, true);
            if (all.length != IP6_BYTES) {
                throw notIp6(text);
            }
            return all;
        }
        byte[] head = groups(text.substring(0, gap), false);
        byte[] tail = groups(text.substring(gap + 2), true);
        if (head.length + tail.length > IP6_BYTES - 2) {
            throw notIp6(text);
        }
        System.arraycopy(head, 0, address, 0, head.length);
        System.arraycopy(tail, 0, address, IP6_BYTES - tail.length, tail.length);
        return address;
    }

    /** Groups with single colons between them, or nothing at all. */
    private static byte[] groups(String text, boolean last) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] groups = text.split(":", -1);
        if (groups.length > GROUPS) {
            throw notIp6(text);
        }
        byte[] bytes = new byte[2 * groups.length + 2];
        int length = 0;
        for (int i = 0; i < groups.length; i++) {
            if (last && i == groups.length - 1 && groups[i].contains(".")) {
                System.arraycopy(parseIp4(groups[i]), 0, bytes, length, IP4_BYTES);
                length += IP4_BYTES;
            } else {
                int value = groups[i].isEmpty() || groups[i].length() > 4
                        ? -1
                        : number(groups[i], 0, groups[i].length(), 16);
                if (value < 0) {
                    throw notIp6(text);
                }
                bytes[length++] = (byte) (value >>> Byte.SIZE);
                bytes[length++] = (byte) value;
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    static String formatIp6(byte[] address) {
        if (isMapped(address)) {
            return "::ffff:" + formatIp4(address, IP6_BYTES - IP4_BYTES);
        }
        int gap = -1;
        int gapLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int zeros = zerosFrom(address, i);
            if (zeros > gapLength) {
                gap = i;
                gapLength = zeros;
            }
        }
        StringBuilder text = new StringBuilder(MAX_IP6_LENGTH);
        for (int i = 0; i < GROUPS; ) {
            if (i == gap) {
                text.append("::");
                i += gapLength;
            } else {
                if (i > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(address, i++)));
            }
        }
        return text.toString();
    }

    private static int zerosFrom(byte[] address, int from) {
        int i = from;
        while (i < GROUPS && group(address, i) == 0) {
            i++;
        }
        return i - from;
    }

    private static int group(byte[] address, int index) {
        return (address[2 * index] & 0xff) << Byte.SIZE | (address[2 * index + 1] & 0xff);
    }

    /** Whether it is an IPv4 address in ::ffff:0:0/96. */
    private static boolean isMapped(byte[] address) {
        return zerosFrom(address, 0) == 5 && group(address, 5) == 0xffff;
    }

    /** The value of ASCII digits, at most four of them; -1 when a character is none. */
    private static int number(String text, int start, int end, int radix) {
        int value = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value;
    }

    private static IllegalArgumentException notIp6(String text) {
        return new IllegalArgumentException("no IPv6 address: " + Printable.of(text));
    }
}
