package io.metricstream.server;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** Notices when the just-in-time compiler has hardly anything left to do. */
@OwnedBy(Role.REHEARSAL)
final class CompilerRest {
    private static final long WINDOW_NANOS = 500_000_000L;
    /** Something small is always compiled; so much of it in a window is rest. */
    private static final long RESTING_MILLIS = 25;

    private final @Nullable CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    private long windowStartNanos;
    private long compiledMillis;

    CompilerRest(long nowNanos) {
        windowStartNanos = nowNanos;
        compiledMillis = compiled();
    }

    /** To be asked again and again; true where there is no compiler, or one that does not say what it does. */
    boolean hasCome(long nowNanos) {
        if (compiler == null || !compiler.isCompilationTimeMonitoringSupported()) {
            return true;
        }
        if (nowNanos - windowStartNanos < WINDOW_NANOS) {
            return false;
        }
        long before = compiledMillis;
        windowStartNanos = nowNanos;
        compiledMillis = compiled();
        return compiledMillis - before < RESTING_MILLIS;
    }

    private long compiled() {
        return compiler == null || !compiler.isCompilationTimeMonitoringSupported()
                ? 0
                : compiler.getTotalCompilationTime();
    }
}
