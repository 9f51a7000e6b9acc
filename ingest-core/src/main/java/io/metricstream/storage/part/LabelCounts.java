package io.metricstream.storage.part;

import io.metricstream.storage.StorageFailure;

/**
 * The labels of a part with the number of series that have them: names ascending, for each name its values ascending.
 *
 * <p>Thread: the one that opened it. Order: {@link #nextLabel}, then {@link #nextValue} until it is false or the rest of
 * the values does not matter.
 */
public interface LabelCounts extends AutoCloseable {
    /** Moves to the next label name; false after the last. */
    boolean nextLabel() throws StorageFailure;

    /** The current label's name; {@link io.metricstream.model.Labels#NAME} is among them. */
    String label();

    /** How many values the current label has. */
    long values();

    /** Moves to the current label's next value; false after the last. */
    boolean nextValue() throws StorageFailure;

    String value();

    /** How many series have the current value. */
    long series();

    @Override
    void close();
}
