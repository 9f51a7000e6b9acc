package io.metricstream.http;

/**
 * What a request may be at most, in bytes.
 *
 * @param requestLineBytes method, target and version together; longer is 414
 * @param headerBytes all header lines together; longer is 431
 * @param bodyBytes the body, also after decompression; longer is 413
 */
public record HttpLimits(int requestLineBytes, int headerBytes, int bodyBytes) {
    public static final HttpLimits DEFAULT = new HttpLimits(8192, 16384, 32 << 20);

    public HttpLimits {
        require("http.max-request-line", requestLineBytes, 128, 1 << 20);
        require("http.max-headers", headerBytes, 256, 1 << 20);
        require("http.max-body", bodyBytes, 1024, 1 << 30);
    }

    private static void require(String key, int found, int least, int most) {
        if (found < least || found > most) {
            throw new IllegalArgumentException(key + ": found " + found + ", wanted " + least + " to " + most);
        }
    }
}
