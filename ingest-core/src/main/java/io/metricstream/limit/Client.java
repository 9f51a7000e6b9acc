package io.metricstream.limit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.metricstream.own.ThreadSafe;
import java.util.Map;
import java.util.TreeMap;

/**
 * One client's windows and counters.
 *
 * <p>A refused try consumes nothing. A request that passes {@link #tryRequest} and is then refused by its samples has
 * consumed its request and its bytes, for it was let in and read.
 *
 * <p>May be kept as long as its user likes (a connection keeps it): after the register has forgotten this object, each
 * call goes on to the one that has taken its place. Do not keep one that is {@link #shared}, though, or its user never
 * gets a client of its own.
 *
 * <p>Thread: any. Time: each call brings a monotonic time; as threads read the clock before they get the lock, a call
 * counts at the latest time any call of this client has brought so far, so that its time never goes backwards.
 *
 * <p>Limits: the memory of the windows, see {@link CountWindow} and {@link WeightWindow}; nothing is allocated once they
 * have grown to the client's load. A change of the rules applies from the next call on; a limit that was off until then
 * counts from that call.
 */
@ThreadSafe("all state is behind the lock of this object, which is shared with no other client")
public final class Client {
    private final ClientRegistry registry;
    private final String name;
    private final boolean shared;
    private final boolean placed;

    /** Guards everything below; a leaf: nothing else is locked under it. */
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final CountWindow requests = new CountWindow();

    @GuardedBy("lock")
    private final WeightWindow samples = new WeightWindow();

    @GuardedBy("lock")
    private final WeightWindow bytes = new WeightWindow();

    @GuardedBy("lock")
    private RateRules rules;

    @GuardedBy("lock")
    private RateLimits limits;
    /** The time of this client: the latest that any call or sweep has brought. */
    @GuardedBy("lock")
    private long latestNanos;
    /** When it was last used; the sweep does not count as use. */
    @GuardedBy("lock")
    private long usedNanos;

    @GuardedBy("lock")
    private boolean forgotten;

    @GuardedBy("lock")
    private long allowed;

    @GuardedBy("lock")
    private long refusedByRequests;

    @GuardedBy("lock")
    private long refusedBySamples;

    @GuardedBy("lock")
    private long refusedByBytes;

    @GuardedBy("lock")
    private long samplesStored;

    @GuardedBy("lock")
    private final Map<String, Long> samplesRejected = new TreeMap<>();

    Client(ClientRegistry registry, String name, boolean shared, boolean placed, long nowNanos) {
        this.registry = registry;
        this.name = name;
        this.shared = shared;
        this.placed = placed;
        this.rules = registry.rules();
        this.limits = rules.limitsOf(name);
        this.latestNanos = nowNanos;
        this.usedNanos = nowNanos;
    }

    public String name() {
        return name;
    }

    /** True for the client that stands for all those for which there was no room. */
    public boolean shared() {
        return shared;
    }

    /** True where it takes one of the places of the register; false where the rules name it. */
    boolean placed() {
        return placed;
    }

    /** Asks for one request of {@code bodyBytes}, or of 0 where the length is not known yet; see {@link #tryBytes}. */
    public RateDecision tryRequest(long nowNanos, long bodyBytes) {
        synchronized (lock) {
            if (!forgotten) {
                return decideRequest(use(nowNanos), bodyBytes);
            }
        }
        return registry.successor(this, nowNanos).tryRequest(nowNanos, bodyBytes);
    }

    /** Asks for bytes of a request that was let in before their number was known. */
    public RateDecision tryBytes(long nowNanos, long bodyBytes) {
        synchronized (lock) {
            if (!forgotten) {
                return decideBytes(use(nowNanos), bodyBytes);
            }
        }
        return registry.successor(this, nowNanos).tryBytes(nowNanos, bodyBytes);
    }

    /** Asks for the samples of a request that was let in. */
    public RateDecision trySamples(long nowNanos, long sampleCount) {
        synchronized (lock) {
            if (!forgotten) {
                return decideSamples(use(nowNanos), sampleCount);
            }
        }
        return registry.successor(this, nowNanos).trySamples(nowNanos, sampleCount);
    }

    /** Counts samples of this client that are stored; limits nothing. */
    public void onStored(long nowNanos, long sampleCount) {
        synchronized (lock) {
            if (!forgotten) {
                use(nowNanos);
                samplesStored += sampleCount;
                return;
            }
        }
        registry.successor(this, nowNanos).onStored(nowNanos, sampleCount);
    }

    /**
     * Counts samples of this client that were rejected; limits nothing.
     *
     * @param reason one of the few words that the caller has for it
     */
    public void onRejected(long nowNanos, String reason, long sampleCount) {
        synchronized (lock) {
            if (!forgotten) {
                use(nowNanos);
                samplesRejected.merge(reason, sampleCount, Long::sum);
                return;
            }
        }
        registry.successor(this, nowNanos).onRejected(nowNanos, reason, sampleCount);
    }

    /**
     * Where this client stands against the limit that {@code decision} was about (requests, for ALLOWED).
     *
     * @param weight what was asked for: 1 request, or the number of bytes or samples
     */
    public RateStanding standing(RateDecision decision, long nowNanos, long weight) {
        synchronized (lock) {
            if (!forgotten) {
                long now = tick(nowNanos);
                return switch (decision) {
                    case ALLOWED, REQUESTS_SPENT -> requestStanding(now);
                    case BYTES_SPENT, BYTES_NEVER_FIT -> weightStanding(bytes, limits.bytesPerSecond(), now, weight);
                    case SAMPLES_SPENT, SAMPLES_NEVER_FIT ->
                        weightStanding(samples, limits.samplesPerSecond(), now, weight);
                };
            }
        }
        return registry.successor(this, nowNanos).standing(decision, nowNanos, weight);
    }

    ClientCounts counts(long nowNanos) {
        synchronized (lock) {
            return new ClientCounts(
                    name,
                    limits,
                    rateCounts(),
                    samplesStored,
                    Map.copyOf(samplesRejected),
                    Math.max(0, nowNanos - usedNanos));
        }
    }

    /** Gives back what the windows no longer use. */
    void trim(long nowNanos) {
        synchronized (lock) {
            tick(nowNanos);
            requests.trim();
            samples.trim();
            bytes.trim();
        }
    }

    /** Ends this object where it has not been used for {@code idleNanos}; returns whether it did. */
    boolean forgetIfIdle(long nowNanos, long idleNanos) {
        synchronized (lock) {
            if (forgotten || nowNanos - usedNanos < idleNanos) {
                return false;
            }
            forgotten = true;
            return true;
        }
    }

    RateCounts rateCounts() {
        synchronized (lock) {
            return new RateCounts(allowed, refusedByRequests, refusedBySamples, refusedByBytes);
        }
    }

    int windowCapacity() {
        synchronized (lock) {
            return requests.capacity() + samples.capacity() + bytes.capacity();
        }
    }

    @GuardedBy("lock")
    private long use(long nowNanos) {
        usedNanos = tick(nowNanos);
        return usedNanos;
    }

    /** Moves this client's time on, never back, drops what has left the windows, and takes over new rules. */
    @GuardedBy("lock")
    @SuppressWarnings(
            "ReferenceEquality") // new rules are a new object; equal ones taken over cost nothing but the copy
    private long tick(long nowNanos) {
        if (nowNanos - latestNanos > 0) {
            latestNanos = nowNanos;
            requests.expire(nowNanos);
            samples.expire(nowNanos);
            bytes.expire(nowNanos);
        }
        RateRules current = registry.rules();
        if (current != rules) {
            rules = current;
            limits = current.limitsOf(name);
        }
        return latestNanos;
    }

    @GuardedBy("lock")
    private RateDecision decideRequest(long now, long bodyBytes) {
        long requestLimit = limits.requestsPerSecond();
        if (requestLimit > 0 && requests.size() >= requestLimit) {
            refusedByRequests++;
            return RateDecision.REQUESTS_SPENT;
        }
        RateDecision decision = decideBytes(now, bodyBytes);
        if (decision.allowed()) {
            if (requestLimit > 0) {
                requests.add(now, requestLimit);
            }
            allowed++;
        }
        return decision;
    }

    @GuardedBy("lock")
    private RateDecision decideBytes(long now, long bodyBytes) {
        long limit = limits.bytesPerSecond();
        if (limit > 0 && bodyBytes > 0) {
            if (!bytes.fits(bodyBytes, limit)) {
                refusedByBytes++;
                return bodyBytes > limit ? RateDecision.BYTES_NEVER_FIT : RateDecision.BYTES_SPENT;
            }
            bytes.add(now, bodyBytes);
        }
        return RateDecision.ALLOWED;
    }

    @GuardedBy("lock")
    private RateDecision decideSamples(long now, long sampleCount) {
        long limit = limits.samplesPerSecond();
        if (limit > 0 && sampleCount > 0) {
            if (!samples.fits(sampleCount, limit)) {
                refusedBySamples++;
                return sampleCount > limit ? RateDecision.SAMPLES_NEVER_FIT : RateDecision.SAMPLES_SPENT;
            }
            samples.add(now, sampleCount);
        }
        return RateDecision.ALLOWED;
    }

    @GuardedBy("lock")
    private RateStanding requestStanding(long now) {
        long limit = limits.requestsPerSecond();
        if (limit == 0) {
            return new RateStanding(0, 0, 0, 0);
        }
        return new RateStanding(
                limit, Math.max(0, limit - requests.size()), requests.waitNanos(now, limit), requests.resetNanos(now));
    }

    private static RateStanding weightStanding(WeightWindow window, long limit, long now, long weight) {
        if (limit == 0) {
            return new RateStanding(0, 0, 0, 0);
        }
        return new RateStanding(
                limit,
                Math.max(0, limit - window.weight()),
                window.waitNanos(now, weight, limit),
                window.resetNanos(now));
    }
}
