/**
 * How much each client may send: exact sliding windows of one second, one set per client, and the register of clients.
 *
 * <p>Read first: {@link io.metricstream.limit.Client} (one decision), then {@link io.metricstream.limit.ClientRegistry}
 * (which client, and when it is forgotten).
 *
 * <p>What "exact" means here. An admission at time t counts against every instant of [t, t + 1 s): it is counted at t and
 * no longer counted at t + 1 s. A request at t is let through iff the admissions in (t - 1 s, t], open on the left and
 * closed on the right, leave room for it. Therefore no half-open window of one second, [a, a + 1 s) or (a, a + 1 s],
 * ever holds more than the limit (a window closed on both ends can hold more, because it is longer than a second by its
 * second end), and a client that stays within its limit in each such window is never refused.
 *
 * <p>Threads: any. Every client has a lock of its own, held for one decision; no lock is shared between clients, except
 * where a client is created, forgotten or counted for the statistics.
 *
 * <p>Owns: the windows and counters of each client. Memory follows use and is given back by the sweep.
 *
 * <p>Must not come in: HTTP, how a client proves its name (that is {@code io.metricstream.auth}), clocks: each call
 * carries its time.
 */
@NullMarked
package io.metricstream.limit;

import org.jspecify.annotations.NullMarked;
