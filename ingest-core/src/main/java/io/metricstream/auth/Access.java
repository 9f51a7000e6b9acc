package io.metricstream.auth;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who has sent a request and what that client may do; or why nobody known has.
 *
 * <p>Immutable. In key mode it is made when the key file is read, once per client, and not per request.
 */
public final class Access {
    private final String clientName;
    private final Set<AccessRole> roles;
    private final @Nullable String refusal;

    private Access(String clientName, Set<AccessRole> roles, @Nullable String refusal) {
        this.clientName = clientName;
        this.roles = roles;
        this.refusal = refusal;
    }

    static Access of(String clientName, Set<AccessRole> roles) {
        return new Access(clientName, Set.copyOf(roles), null);
    }

    static Access refused(String why) {
        return new Access("", Set.of(), why);
    }

    /** The client's name for its limits, the statistics and the log; holds no secret. Empty where nobody is known. */
    public String clientName() {
        return clientName;
    }

    public boolean known() {
        return refusal == null;
    }

    /** Why nobody is known, as a sentence for the answer, without anything the client sent; null where somebody is. */
    public @Nullable String refusal() {
        return refusal;
    }

    public Verdict require(AccessRole role) {
        if (refusal != null) {
            return Verdict.UNAUTHORIZED;
        }
        return roles.contains(role) || roles.contains(AccessRole.ADMIN) ? Verdict.ALLOWED : Verdict.FORBIDDEN;
    }
}
