package io.metricstream.server;

import java.util.concurrent.CompletableFuture;

/** Work beside a test, whose failure the test hears of when it asks. */
final class Beside {
    interface Task {
        void run() throws Exception;
    }

    private Beside() {}

    /** Runs a task in a thread of its own; what it throws is the outcome. */
    static CompletableFuture<Void> run(Task task) {
        var outcome = new CompletableFuture<Void>();
        var thread = new Thread(
                () -> {
                    try {
                        task.run();
                        outcome.complete(null);
                    } catch (Throwable failure) {
                        outcome.completeExceptionally(failure);
                    }
                },
                "beside-the-test");
        thread.start();
        return outcome;
    }
}
