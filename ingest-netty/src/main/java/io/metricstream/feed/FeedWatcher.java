package io.metricstream.feed;

/** Hears how a run goes, from the thread that runs it. */
public interface FeedWatcher {
    /** So many bytes of all files are read, as they lie on the disk, and so many samples are stored. */
    void onProgress(long readBytes, long storedSamples);

    /** The server cannot be had, or asks for time. */
    void onWaiting(String why);

    /** A line or sample was left out. */
    void onBad(String what);
}
