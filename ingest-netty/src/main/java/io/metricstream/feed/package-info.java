/**
 * Reads files of samples and sends them to a server, so that an interrupted run can go on where it was.
 *
 * <p>Read first: {@link io.metricstream.feed.Feed} (the order of things), then {@code LineReader} and those that implement it
 * (what the lines of a format mean), {@code FeedClient} (what becomes of a request) and {@code Bookmark} (what is remembered).
 *
 * <pre>
 *   FeedFile -- line --> LineReader -- samples --> Feed: FeedBatch -- body --> FeedClient --> server
 *                                                   Bookmark  <-- acknowledged --
 * </pre>
 *
 * <p>Threads: the one that runs it; HTTP has threads of its own, which nothing here is touched by.
 *
 * <p>Owns: the open file, the request under way, and the file that it remembers its place in.
 *
 * <p>Must not come in: anything of the server, which it knows by HTTP alone; options and terminals.
 */
@NullMarked
package io.metricstream.feed;

import org.jspecify.annotations.NullMarked;
