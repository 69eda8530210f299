package org.minip2p.interop;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A running SHA-256 that counts. Not thread-safe. */
final class Sha256 {
    private final MessageDigest digest;
    private long bytes;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Adds the readable bytes. The buffer does not change, and the caller keeps its ownership. */
    void add(ByteBuf data) {
        bytes += data.readableBytes();
        for (ByteBuffer part : data.nioBuffers()) {
            digest.update(part);
        }
    }

    long bytes() {
        return bytes;
    }

    /** The hash in hex; nothing may be added afterwards. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
