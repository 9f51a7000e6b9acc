package io.metricstream.api;

import io.metricstream.http.BadParameterException;
import io.metricstream.http.Parameters;
import io.metricstream.rules.GroupView;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * So many groups as {@code group_limit} says, beginning with that of {@code group_next_token}. Immutable.
 *
 * @param nextToken of the first group that had no room; empty where there is none
 */
record GroupPage(List<GroupView> groups, String nextToken) {
    private static final String LIMIT = "group_limit";
    private static final String TOKEN = "group_next_token";

    static GroupPage of(List<GroupView> all, Parameters parameters) {
        String token = parameters.first(TOKEN, "");
        if (parameters.first(LIMIT, "").isEmpty()) {
            if (!token.isEmpty()) {
                throw new BadParameterException(
                        TOKEN, LIMIT + " needs to be present in order to paginate over the groups");
            }
            return new GroupPage(all, "");
        }
        int limit = parameters.count(LIMIT, 0);
        if (limit == 0) {
            throw new BadParameterException(LIMIT, LIMIT + " needs to be greater than 0");
        }
        int from = token.isEmpty() ? 0 : indexOf(token, all);
        int to = (int) Math.min(all.size(), (long) from + limit);
        return new GroupPage(all.subList(from, to), to == all.size() ? "" : token(all.get(to)));
    }

    private static int indexOf(String token, List<GroupView> all) {
        for (int i = 0; i < all.size(); i++) {
            if (token(all.get(i)).equals(token)) {
                return i;
            }
        }
        throw new BadParameterException(TOKEN, "invalid token. were rule groups changed?");
    }

    /** The same group has the same token over restarts, as Prometheus has it. */
    private static String token(GroupView group) {
        try {
            byte[] name = (group.file() + ";" + group.name()).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(name));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
