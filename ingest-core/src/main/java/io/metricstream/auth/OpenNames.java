package io.metricstream.auth;

import io.metricstream.own.Borrowed;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Names a client after its {@code Authorization} value without showing a secret.
 *
 * <p>A bare word of at most {@link #MAX_WORD_CHARS} visible ASCII characters is an identifier and is its own name, unless
 * it begins like one of our keys. Anything else is taken for a credential and named {@code SCHEME abcd..0123456789abcdef}: at
 * most its first four characters, never more than a quarter of it, and 64 bits of a hash. The hash is salted with bytes
 * that are made at each start and never leave the process; otherwise a weak password could be found from its name. Hence
 * such a name changes with a restart; who wants a lasting one sends a bare word or gets an entry in the key file.
 *
 * <p>Immutable.
 */
final class OpenNames {
    static final int MAX_WORD_CHARS = 64;
    private static final int MAX_SCHEME_CHARS = 16;
    private static final int SHOWN_CHARS = 4;
    private static final int HASH_BYTES = 8;

    private final byte[] salt;

    OpenNames(@Borrowed byte[] salt) {
        this.salt = salt.clone();
    }

    String nameOf(String value, MessageDigest sha256) {
        int space = value.indexOf(' ');
        if (space < 0 && isWord(value) && value.length() <= MAX_WORD_CHARS && !value.startsWith(KeyFile.KEY_PREFIX)) {
            return value;
        }
        boolean schemed = space > 0 && space <= MAX_SCHEME_CHARS && isWord(value.substring(0, space));
        String scheme = schemed ? value.substring(0, space) : "value";
        String secret = schemed ? value.substring(space + 1).strip() : value;
        String shown = secret.substring(0, Math.min(SHOWN_CHARS, secret.length() / SHOWN_CHARS));
        sha256.update(salt);
        byte[] hash = sha256.digest(value.getBytes(StandardCharsets.UTF_8));
        return scheme + " " + (isWord(shown) ? shown : "") + ".."
                + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    }

    private static boolean isWord(String text) {
        return PlainText.isPrintable(text) && text.indexOf(' ') < 0;
    }
}
