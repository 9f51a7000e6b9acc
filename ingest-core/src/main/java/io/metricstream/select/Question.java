package io.metricstream.select;

import java.util.List;

/**
 * What is stored, for one who asks a question of it that may take several calls, and wants to know whether anything was left
 * out of the answers.
 *
 * <p>Thread: one.
 */
public interface Question extends Queryable {
    /** What was left out so far because it could not be read, each with its file; there may be more than are told of. */
    List<String> warnings();
}
