package org.minip2p.core;

import java.util.Arrays;

/**
 * Bytes written as the digits of one large number: Bitcoin's base58, and base36. Each leading zero byte is one zero digit (PID-50).
 *
 * <p>The work grows with the square of the length, so callers must bound untrusted input.
 */
final class NumberText {
    static final NumberText BASE58 = new NumberText("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");
    static final NumberText BASE36 = new NumberText("0123456789abcdefghijklmnopqrstuvwxyz");

    private final String alphabet;
    private final char zero;

    private NumberText(String alphabet) {
        this.alphabet = alphabet;
        this.zero = alphabet.charAt(0);
    }

    String encode(byte[] bytes) {
        int zeros = 0;
        while (zeros < bytes.length && bytes[zeros] == 0) {
            zeros++;
        }
        StringBuilder reversed = new StringBuilder();
        byte[] number = bytes.clone();
        for (int start = zeros; start < number.length; ) {
            reversed.append(alphabet.charAt(divide(number, start)));
            while (start < number.length && number[start] == 0) {
                start++;
            }
        }
        return reversed.append(String.valueOf(zero).repeat(zeros)).reverse().toString();
    }

    /** Divides a big-endian number by the base, in place; gives the remainder. */
    private int divide(byte[] number, int start) {
        int remainder = 0;
        for (int i = start; i < number.length; i++) {
            int dividend = remainder << Byte.SIZE | (number[i] & 0xff);
            number[i] = (byte) (dividend / alphabet.length());
            remainder = dividend % alphabet.length();
        }
        return remainder;
    }

    /**
     * Reads digits.
     *
     * @throws IllegalArgumentException when a character is no digit
     */
    byte[] decode(String text) {
        int zeros = 0;
        while (zeros < text.length() && text.charAt(zeros) == zero) {
            zeros++;
        }
        byte[] number = new byte[text.length()];
        int start = number.length;
        for (int i = zeros; i < text.length(); i++) {
            int carry = alphabet.indexOf(text.charAt(i));
            if (carry < 0) {
                throw new IllegalArgumentException(
                        "no digit of base " + alphabet.length() + ": " + Printable.of(text.substring(i, i + 1)));
            }
            for (int at = number.length - 1; at >= start || carry != 0; at--) {
                carry += (number[at] & 0xff) * alphabet.length();
                number[at] = (byte) carry;
                carry >>>= Byte.SIZE;
                start = Math.min(start, at);
            }
        }
        return Arrays.copyOfRange(number, start - zeros, number.length);
    }
}
