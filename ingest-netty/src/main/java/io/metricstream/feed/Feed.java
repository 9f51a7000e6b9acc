package io.metricstream.feed;

import io.metricstream.model.EpochClock;
import io.metricstream.model.NanoClock;
import io.metricstream.model.Series;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/**
 * Sends the samples of files to a server, one request after the other, and remembers what was acknowledged.
 *
 * <p>Order: {@link #run}, once. Limits: memory for one line and one request. Fails: FeedException; what was acknowledged
 * before is remembered.
 */
@OwnedBy(Role.MAIN)
public final class Feed implements SampleSink {
    private final FeedPlan plan;
    private final FeedWatcher watcher;
    private final FeedClient client;
    private final FeedBatch batch;
    private final Bookmark bookmark;

    private long readBytes;
    private long lines;
    private long stored;
    private long refused;
    private long badLines;

    /** Of the file being read: its name, the line being read, and how far it was read before that. */
    private String file = "";

    private long line;
    private Bookmark.Place before = Bookmark.Place.START;

    public Feed(FeedPlan plan, FeedWatcher watcher, NanoClock clock, EpochClock epochClock) throws FeedException {
        this.plan = plan;
        this.watcher = watcher;
        this.client = new FeedClient(plan, watcher);
        this.batch = new FeedBatch(plan.samplesPerRequest());
        this.bookmark = Bookmark.open(plan.bookmark(), clock, epochClock.millis());
    }

    public FeedReport run() throws FeedException, InterruptedException {
        try {
            for (FeedSource source : plan.sources()) {
                read(source);
            }
        } finally {
            bookmark.save();
        }
        return new FeedReport(plan.sources().size(), lines, stored, refused, badLines, client.retries());
    }

    @Override
    public void onSample(Series series, long timestampMillis, double value) throws FeedException, InterruptedException {
        if (batch.isFull()) {
            // In the middle of a long line, which is sent again from its start if this ends here.
            send();
        }
        batch.add(series, line, timestampMillis, value);
    }

    private void read(FeedSource source) throws FeedException, InterruptedException {
        Bookmark.Place from = bookmark.place(source.name());
        long readBefore = readBytes;
        LineReader reader = source.format().reader(bookmark.startedMillis());
        file = source.name();
        line = 0;
        before = Bookmark.Place.START;
        try (FeedFile in = FeedFile.open(source.name())) {
            while (in.next()) {
                line = in.number();
                if (line <= from.line()) {
                    passOver(in, reader, from);
                } else {
                    read(in, reader);
                    lines++;
                }
                before = new Bookmark.Place(line, in.endBytes());
                readBytes = readBefore + in.readBytes();
                if (batch.isFull()) {
                    send();
                }
            }
            if (line < from.line()) {
                throw new FeedException(file + ": found " + line + " lines, wanted at least " + from.line()
                        + ", which were sent before: it is another file");
            }
            line++;
            try {
                reader.end();
            } catch (BadLineException e) {
                onBad(e);
            }
            send();
        }
    }

    private void passOver(FeedFile in, LineReader reader, Bookmark.Place from) throws FeedException {
        if (line == from.line() && in.endBytes() != from.bytes()) {
            throw new FeedException(file + ": line " + line + " ends at byte " + in.endBytes() + ", wanted "
                    + from.bytes() + " as before: it is another file");
        }
        try {
            reader.pass(in.text());
        } catch (BadLineException told) {
            // It was told when it was read.
        }
    }

    private void read(FeedFile in, LineReader reader) throws FeedException, InterruptedException {
        try {
            reader.read(in.text(), this);
        } catch (BadLineException e) {
            onBad(e);
        }
    }

    private void onBad(BadLineException bad) throws FeedException, InterruptedException {
        String what = file + ", line " + line + ": " + bad.getMessage();
        badLines++;
        if (!plan.skipBad()) {
            send();
            throw new FeedException(what);
        }
        watcher.onBad(what);
    }

    /** Sends what there is, and remembers that all lines before the one being read are done with. */
    private void send() throws FeedException, InterruptedException {
        if (batch.samples() > 0) {
            FeedAnswer answer = client.send(batch.body());
            stored += batch.samples() - answer.refused();
            refused += answer.refused();
            if (answer.refused() > 0) {
                onRefused(answer);
            }
            batch.clear();
        }
        bookmark.put(file, before);
        watcher.onProgress(readBytes, stored);
    }

    private void onRefused(FeedAnswer answer) throws FeedException {
        for (FeedAnswer.Fault fault : answer.faults()) {
            String what = file + ", line " + batch.source(fault.bodyLine()) + ": " + fault.text();
            if (!plan.skipBad()) {
                throw new FeedException(what
                        + (answer.refused() > 1
                                ? "; " + answer.refused() + " samples of this"
                                        + " request were refused, the others are stored"
                                : ""));
            }
            watcher.onBad(what);
        }
    }
}
