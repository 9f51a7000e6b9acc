package io.metricstream.storage.part;

import io.metricstream.storage.StorageFailure;

/** Terms in their order, each with the numbers of the series that have it, ascending. */
interface TermSource {
    /** Moves to the next term; false after the last. */
    boolean next() throws StorageFailure;

    /** The bytes of the current {@link Term}, from index {@link #termAt}. */
    byte[] term();

    int termAt();

    /** How many series have the current term. */
    int count();

    /** Writes the numbers of those series; ask once for each term. */
    void copySeries(int[] to, int at) throws StorageFailure;
}
