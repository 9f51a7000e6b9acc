package io.metricstream.server;

import io.metricstream.config.ValueKind;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;

/** How tools are told which server to speak to, and as whom. */
final class ServerKinds {
    /** Where plain HTTP is spoken. */
    static final ValueKind<URI> PLAIN = new ValueKind<>("http://HOST:PORT", text -> server(text, Set.of("http")));

    static final ValueKind<URI> ANY =
            new ValueKind<>("http://HOST:PORT or https://HOST:PORT", text -> server(text, Set.of("http", "https")));

    /** What a header line can hold; also keeps a key from making a line of its own. */
    static final ValueKind<String> KEY = new ValueKind<>("visible ASCII characters", text -> Optional.of(text.strip())
            .filter(key -> !key.isEmpty() && key.chars().allMatch(c -> c > ' ' && c <= '~')));

    private ServerKinds() {}

    private static Optional<URI> server(String text, Set<String> schemes) {
        try {
            URI uri = new URI(text);
            boolean plain = uri.getScheme() != null
                    && schemes.contains(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawQuery() == null
                    && uri.getRawUserInfo() == null
                    && uri.getPort() <= 65_535;
            return plain ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
