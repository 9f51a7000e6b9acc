package io.metricstream.load;

/** Hears how a run goes on. Called by the thread that runs it; what it does delays nothing that is measured. */
public interface LoadWatcher {
    /** A stage, or the warm-up, goes on since so long; called about ten times a second. */
    void onProgress(Stage stage, long elapsedNanos, LoadProgress progress);

    /** A stage is over; not called for the warm-up. */
    void onStageDone(StageResult result);
}
