package io.metricstream.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** The SHA-256 of a key; immutable. */
final class KeyHash {
    /** Hexadecimal digits of a hash. */
    static final int HEX_CHARS = 64;

    private static final HexFormat HEX = HexFormat.of();

    private final byte[] sha256;

    private KeyHash(byte[] sha256) {
        this.sha256 = sha256;
    }

    static KeyHash of(String key) {
        return new KeyHash(newSha256().digest(key.getBytes(StandardCharsets.UTF_8)));
    }

    static KeyHash of(String key, MessageDigest sha256) {
        return new KeyHash(sha256.digest(key.getBytes(StandardCharsets.UTF_8)));
    }

    /** Fails with IllegalArgumentException where it is not 64 hexadecimal digits. */
    static KeyHash parse(String hex) {
        if (hex.length() != HEX_CHARS) {
            throw new IllegalArgumentException(
                    "found " + hex.length() + " characters, wanted " + HEX_CHARS + " hexadecimal digits");
        }
        return new KeyHash(HEX.parseHex(hex));
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** 64 hexadecimal digits in lower case. */
    public String hex() {
        return HEX.formatHex(sha256);
    }

    /** In a time that does not depend on where they differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof KeyHash hash && MessageDigest.isEqual(sha256, hash.sha256);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sha256);
    }

    @Override
    public String toString() {
        return hex();
    }
}
