package io.metricstream.feed;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is sent, where to, and how.
 *
 * @param server its address, without a path
 * @param authorization the header's value; null for none
 * @param samplesPerRequest at most
 * @param skipBad whether bad lines and samples are left out, rather than ending the run
 * @param bookmark the file that remembers how far the run has come; null for none
 */
public record FeedPlan(
        List<FeedSource> sources,
        URI server,
        @Nullable String authorization,
        int samplesPerRequest,
        boolean skipBad,
        @Nullable Path bookmark) {}
