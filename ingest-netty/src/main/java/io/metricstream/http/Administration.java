package io.metricstream.http;

import io.metricstream.select.Matcher;
import java.util.List;

/**
 * What an administrator may have done with what is stored.
 *
 * <p>Thread: one at a time, which these calls hold up for as long as they take; never an event loop. Fails: where it was not
 * done, and nothing has changed.
 */
public interface Administration {
    /**
     * Hides the samples of these series from now on; what is written later stays. Durable when this returns.
     *
     * @param selectors each the matchers of some series
     * @param fromMillis the earliest time, itself included
     * @param toMillis the latest time, itself included
     */
    void delete(List<List<Matcher>> selectors, long fromMillis, long toMillis) throws ApiException;

    /**
     * Makes a snapshot, durable when this returns.
     *
     * @param withMemory whether samples that are in no part yet belong to it
     * @return its name
     */
    String snapshot(boolean withMemory) throws ApiException;
}
