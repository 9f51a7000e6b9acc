/**
 * HTTP/1.1: from bytes on a connection to a write in the ring, and back to an answer.
 *
 * <p>Read first: {@link io.metricstream.http.HttpServer}, then {@code Connection} (requests and answers in order),
 * {@code Dispatch} (what is decided from a request's head, in which order), {@code WriteIntake} (the body) and
 * {@code PendingWrite} (parse, hand over, answer).
 *
 * <pre>
 *   StrictRequestDecoder -> Connection -> Dispatch: route, Gate (who), limit, body's headers, Admission
 *                                      -> WriteIntake: collect, inflate
 *                                      -> PendingWrite: parse, WriteRing ... disk writer ... answer
 * </pre>
 *
 * <p>Threads: a connection and everything it reaches belong to one event loop; what the connections of a loop share is in
 * {@code LoopContext}. The disk writer comes in only through {@code LoopContext.onGroupDone}.
 *
 * <p>Owns: event loops, connections, bodies while they are collected. No buffer of Netty's leaves this room.
 *
 * <p>Must not come in: files but those of the class path that {@code WebFiles} serves, configuration sources, anything that blocks.
 */
@NullMarked
package io.metricstream.http;

import org.jspecify.annotations.NullMarked;
