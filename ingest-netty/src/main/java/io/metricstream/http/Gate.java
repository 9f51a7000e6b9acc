package io.metricstream.http;

import io.metricstream.auth.Access;
import io.metricstream.auth.AccessRole;
import io.metricstream.auth.Verdict;
import io.metricstream.limit.Client;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who is on the other end of a connection. Remembers the last answer, because a client sends the same
 * {@code Authorization} with every request; it is asked again when the header or the key file changes.
 *
 * <p>Thread: the connection's event loop.
 */
@OwnedBy(Role.EVENT_LOOP)
final class Gate {
    private final HttpServices services;
    private final String remoteAddress;
    private @Nullable String authorization;
    private long generation = -1;
    private @Nullable Access access;
    private @Nullable Client client;

    Gate(HttpServices services, String remoteAddress) {
        this.services = services;
        this.remoteAddress = remoteAddress;
    }

    /** Null where the sender may do this. */
    @Nullable
    Refusal check(@Nullable String authorization, AccessRole role) {
        Access who = identify(authorization);
        Verdict verdict = who.require(role);
        return switch (verdict) {
            case ALLOWED -> null;
            case UNAUTHORIZED -> Refusal.of(401, "unauthorized", String.valueOf(who.refusal()));
            case FORBIDDEN ->
                Refusal.of(403, "forbidden", "client " + who.clientName() + " does not have the role " + role);
        };
    }

    /** The limits and counters of the sender that was checked last. */
    Client client(long nowNanos) {
        Client known = client;
        if (known == null || known.shared()) {
            known = services.clients().client(name(), nowNanos);
            client = known;
        }
        return known;
    }

    /** The name of the sender that was checked last; for the log. */
    String name() {
        Access who = access;
        return who == null || !who.known() ? remoteAddress : who.clientName();
    }

    private Access identify(@Nullable String value) {
        long current = services.authenticator().generation();
        Access known = access;
        if (known != null && generation == current && Objects.equals(value, authorization)) {
            return known;
        }
        Access fresh = services.authenticator().authenticate(value, remoteAddress);
        access = fresh;
        authorization = value;
        generation = current;
        client = null;
        return fresh;
    }
}
