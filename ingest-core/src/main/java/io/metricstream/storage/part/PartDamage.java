package io.metricstream.storage.part;

import io.metricstream.storage.StorageFailure;

/**
 * What a reader of a part does about pages of it that cannot be read.
 *
 * <p>Thread: that of the reader; of several, where several cursors are read at once.
 */
public interface PartDamage {
    /** Reading ends with the failure. */
    PartDamage FAIL = new PartDamage() {
        @Override
        public void onDamage(StorageFailure.Corrupt damage) {
            // It is thrown, and whoever catches it knows.
        }

        @Override
        public boolean passesOver() {
            return false;
        }
    };

    /** A page cannot be read; a reader tells of each about once. */
    void onDamage(StorageFailure.Corrupt damage);

    /** Whether reading goes on without the page; otherwise the damage is thrown. */
    boolean passesOver();
}
