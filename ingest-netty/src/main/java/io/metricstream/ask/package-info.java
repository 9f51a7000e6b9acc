/**
 * What {@code metricstream query} asks a server, and how it shows what a query came to.
 *
 * <p>Read first: {@link io.metricstream.ask.QueryClient}, then {@link io.metricstream.ask.ResultTable},
 * {@link io.metricstream.ask.ResultCsv} and {@link io.metricstream.ask.ResultChart}, which each write one format.
 *
 * <p>Threads: the one that runs the command; HTTP has threads of its own, which nothing here is touched by.
 *
 * <p>Owns: the request under way.
 *
 * <p>Must not come in: anything of the server, which it knows by HTTP alone; options and terminals.
 */
@NullMarked
package io.metricstream.ask;

import org.jspecify.annotations.NullMarked;
