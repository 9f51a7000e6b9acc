package io.metricstream.ring;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An event loop of a test: finished requests wait in it, in their order, until the test takes them. */
final class TestLoop implements Completions {
    private static final long LIMIT_SECONDS = 60;

    private final int index;
    private final BlockingQueue<WriteRequest> finished = new LinkedBlockingQueue<>();

    TestLoop(int index) {
        this.index = index;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public void onGroupDone(WriteRequest first) {
        WriteRequest request = first;
        while (request != null) {
            WriteRequest next = request.next();
            finished.add(request);
            request = next;
        }
    }

    /** Takes the next finished request and answers it. */
    WriteRequest await() throws InterruptedException {
        WriteRequest request = finished.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request was handed back within " + LIMIT_SECONDS + " s");
        }
        request.complete();
        return request;
    }

    boolean isEmpty() {
        return finished.isEmpty();
    }
}
