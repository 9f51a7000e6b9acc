package io.metricstream.limit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.metricstream.own.ThreadSafe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds the client of a name, and forgets those that are not used any more.
 *
 * <p>The clients that the rules name always have a client of their own. Of the others at most
 * {@link RegistryConfig#maxClients} are kept apart; those that come when all places are taken by clients in use share the
 * one named {@link #OTHER}, with one set of limits, until there is room.
 *
 * <p>Thread: any. {@link #client} on a known name takes no lock. {@link #sweep} and the statistics visit all clients
 * and are not for an event loop. Order: somebody calls {@link #sweep} about once a second, or nothing is ever forgotten.
 *
 * <p>Limits: names are kept as they are given; whoever makes them bounds their length.
 */
@ThreadSafe("a concurrent map, one volatile reference to immutable rules, and one lock for what concerns all clients")
public final class ClientRegistry {
    /** The name of the client that stands for all those for which there was no room. */
    public static final String OTHER = "(other)";

    private final int maxClients;
    private final long idleNanos;
    private final Map<String, Client> clients = new ConcurrentHashMap<>();
    private final Client other;

    /** Places taken among {@link #maxClients}. */
    private final AtomicInteger places = new AtomicInteger();

    private volatile RateRules rules;

    /**
     * The time of the last sweep, at which new clients begin at the earliest: a call that read the clock long before must
     * not find an empty window at a time at which the forgotten client still had admissions.
     */
    private volatile long sweptNanos;

    /** Guards {@link #forgottenCounts} and makes forgetting and counting exclude each other; before a client's lock. */
    private final Object countsLock = new Object();

    @GuardedBy("countsLock")
    private RateCounts forgottenCounts = RateCounts.ZERO;

    public ClientRegistry(RegistryConfig config, RateLimits defaults, long nowNanos) {
        this.maxClients = config.maxClients();
        this.idleNanos = config.idleAfter().toNanos();
        this.rules = new RateRules(defaults, Map.of());
        this.sweptNanos = nowNanos;
        this.other = new Client(this, OTHER, true, false, nowNanos);
    }

    /** The client of this name; may be the shared one, which the caller should not keep. */
    public Client client(String name, long nowNanos) {
        Client known = clients.get(name);
        return known != null ? known : newcomer(name, nowNanos);
    }

    /** Puts new limits in force for all clients at once; {@code named} are the limits of those that differ or are known. */
    public void replaceRules(RateLimits defaults, Map<String, RateLimits> named) {
        rules = new RateRules(defaults, named);
    }

    /**
     * Forgets the clients that are idle, gives memory back, and returns how many clients were forgotten. Where the places
     * are almost gone, those idle for two seconds go too, until an eighth of the places is free.
     */
    public int sweep(long nowNanos) {
        sweptNanos = nowNanos;
        int forgotten = 0;
        for (Client client : clients.values()) {
            if (forget(client, nowNanos, idleNanos)) {
                forgotten++;
            } else {
                client.trim(nowNanos);
            }
        }
        other.trim(nowNanos);
        int roomy = maxClients - maxClients / 8;
        if (places.get() >= maxClients) {
            for (Client client : clients.values()) {
                if (places.get() < roomy) {
                    break;
                }
                if (client.placed() && forget(client, nowNanos, RegistryConfig.SHORTEST_IDLE.toNanos())) {
                    forgotten++;
                }
            }
        }
        return forgotten;
    }

    /** How many clients are known now, the shared one not counted. */
    public int size() {
        return clients.size();
    }

    /**
     * The line of one client, known or not: one that is not, as it never came, was forgotten or had to share, has counted
     * nothing. Makes no client, and may be asked by an event loop.
     */
    public ClientCounts counts(String name, long nowNanos) {
        Client known = clients.get(name);
        return known != null
                ? known.counts(nowNanos)
                : new ClientCounts(name, rules.limitsOf(name), RateCounts.ZERO, 0, Map.of(), 0);
    }

    /** One line per client known now, in no order; the shared one is last and only there once it was used. */
    public List<ClientCounts> counts(long nowNanos) {
        List<ClientCounts> lines = new ArrayList<>(clients.size() + 1);
        for (Client client : clients.values()) {
            lines.add(client.counts(nowNanos));
        }
        ClientCounts shared = other.counts(nowNanos);
        if (shared.counts().allowed() + shared.counts().refused() > 0) {
            lines.add(shared);
        }
        return lines;
    }

    /** The sum over all clients, the forgotten ones included; never falls. */
    public RateCounts totals() {
        synchronized (countsLock) {
            RateCounts total = forgottenCounts.plus(other.rateCounts());
            for (Client client : clients.values()) {
                total = total.plus(client.rateCounts());
            }
            return total;
        }
    }

    RateRules rules() {
        return rules;
    }

    /** The client that takes the place of one that was forgotten. */
    Client successor(Client forgotten, long nowNanos) {
        // The sweep may not have come to take it out yet. Its counts and its place remain the sweep's to settle.
        clients.remove(forgotten.name(), forgotten);
        return client(forgotten.name(), nowNanos);
    }

    private boolean forget(Client client, long nowNanos, long idle) {
        synchronized (countsLock) {
            if (!client.forgetIfIdle(nowNanos, idle)) {
                return false;
            }
            clients.remove(client.name(), client);
            if (client.placed()) {
                places.decrementAndGet();
            }
            forgottenCounts = forgottenCounts.plus(client.rateCounts());
            return true;
        }
    }

    private Client newcomer(String name, long nowNanos) {
        if (name.equals(OTHER)) {
            return other;
        }
        boolean placed = !rules.named().containsKey(name);
        if (placed && places.incrementAndGet() > maxClients) {
            places.decrementAndGet();
            return other;
        }
        long swept = sweptNanos;
        Client created = new Client(this, name, false, placed, nowNanos - swept > 0 ? nowNanos : swept);
        Client present = clients.putIfAbsent(name, created);
        if (present == null) {
            return created;
        }
        if (placed) {
            places.decrementAndGet();
        }
        return present;
    }
}
