/**
 * From defaults, a file, the environment and the command line to one typed, checked configuration.
 *
 * <p>Read first: {@link io.metricstream.config.ConfigKeys}, the one table of keys; then
 * {@link io.metricstream.config.ConfigLoader} (where values come from, and what is refused) and
 * {@link io.metricstream.config.ServerConfig} (the records of the rooms, made in one place).
 *
 * <p>A later source overrides an earlier one: defaults, the file of {@code --config}, variables that begin with
 * {@code METRICSTREAM_}, {@code --set}, and the options that have a name of their own. Every problem of every source is
 * reported at once; with one, nothing starts.
 *
 * <p>Threads: start-up only. Everything that leaves this room is immutable.
 *
 * <p>Owns: nothing after start-up; the configuration file is read once.
 *
 * <p>Must not come in: what the settings are for. A key's range and words are here, its meaning is in its room.
 */
@NullMarked
package io.metricstream.config;

import org.jspecify.annotations.NullMarked;
