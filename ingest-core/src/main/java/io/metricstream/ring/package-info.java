/**
 * The hand-over from many event loops to one disk writer, and the disk writer itself.
 *
 * <p>Read first: {@link io.metricstream.ring.WriteRing} (the way in), then {@link io.metricstream.ring.WritePath}
 * (what happens to a group), then {@link io.metricstream.ring.Completions} (the way back).
 *
 * <pre>
 *   event loop 1 --+                                   +--> event loop 1
 *                  +--> WriteRing --> DiskWriter ------+      one task per loop and group
 *   event loop 2 --+    (Disruptor)   group, force     +--> event loop 2
 * </pre>
 *
 * <p>Threads: event loops publish and read the state; the thread named {@code disk-writer} does the rest.
 *
 * <p>Owns: the ring's slots; requests only while they are in it. The log belongs to the disk writer.
 *
 * <p>Must not come in: parsing, HTTP, and anything that blocks an event loop.
 */
@NullMarked
package io.metricstream.ring;

import org.jspecify.annotations.NullMarked;
