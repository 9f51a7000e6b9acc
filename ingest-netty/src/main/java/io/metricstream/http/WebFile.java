package io.metricstream.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/** One file of the web page, plain and compressed. Immutable: nobody changes the arrays. */
final class WebFile {
    /** Scripts and styles come from this server alone, nothing is sent elsewhere, and no text becomes markup. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'";

    private static final int TAG_BYTES = 12;

    private final String contentType;
    private final byte[] plain;
    private final byte[] packed;
    /** Weak, for the compressed form has the same. */
    private final String tag;

    WebFile(String contentType, byte[] plain) {
        this.contentType = contentType;
        this.plain = plain;
        this.packed = packed(plain);
        this.tag = "W/\"" + HexFormat.of().formatHex(digest(plain), 0, TAG_BYTES) + "\"";
    }

    /** What to send to a client that asks with these headers; 304 where it has the file already. */
    Answer answer(HttpHeaders asked) {
        boolean known = asked.getAll(HttpHeaderNames.IF_NONE_MATCH).stream().anyMatch(this::isNamedBy);
        boolean pack = !known && GzipReply.isWanted(asked);
        Answer answer = known ? Answer.empty(304) : Answer.of(200, contentType, pack ? packed : plain);
        if (pack) {
            answer.header("content-encoding", "gzip");
        }
        return answer.header("vary", "accept-encoding")
                .header("etag", tag)
                // Asked for again each time, and answered 304, so that a page and its scripts are of one version.
                .header("cache-control", "no-cache")
                .header("content-security-policy", POLICY)
                .header("x-content-type-options", "nosniff")
                .header("referrer-policy", "no-referrer");
    }

    private boolean isNamedBy(String tags) {
        for (String named : tags.split(",", -1)) {
            String trimmed = named.trim();
            if (trimmed.equals("*") || trimmed.equals(tag) || ("W/" + trimmed).equals(tag)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] packed(byte[] plain) {
        var out = new ByteArrayOutputStream(plain.length / 2);
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return out.toByteArray();
    }

    private static byte[] digest(byte[] plain) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(plain);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
