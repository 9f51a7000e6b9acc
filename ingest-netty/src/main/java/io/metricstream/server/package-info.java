/**
 * The program: its commands, its logging, and the server put together from the other rooms.
 *
 * <p>Read first: {@link io.metricstream.server.Main}, then {@code ServeCommand} and {@code Server}.
 *
 * <p>Threads: {@code main} runs a command; a shutdown hook stops the server on SIGTERM and SIGINT. The threads of the other
 * rooms are started and ended here.
 *
 * <p>Owns: the exit code (see {@code ExitCode}), standard output and standard error, the log's configuration.
 *
 * <p>Must not come in: anything another room could do; here it is only put together.
 */
@NullMarked
package io.metricstream.server;

import org.jspecify.annotations.NullMarked;
