/**
 * The load tool: sends the metrics of a made-up fleet over keep-alive connections, measures what the server does with
 * them, and compares what was acknowledged with what the server counts.
 *
 * <p>Read first: {@link io.metricstream.load.LoadPlan} (what is asked for), {@link io.metricstream.load.LoadRun} (the
 * order of things), then {@code LoadLoop} and {@code LoadConnection} (when a request is sent, and what becomes of it),
 * {@code Fleet} (what is sent) and {@code Comparison} (the verdict).
 *
 * <pre>
 *   LoadRun (main) -- Stage --> LoadLoop: Pace, RequestBodies (Fleet) --> LoadConnection --> server
 *                  <-- Tally --          <-- status, latency ----------- AnswerReader   <--
 *                  -- ServerCounts before and after --> Comparison
 * </pre>
 *
 * <p>Threads: {@code main} runs it; a few event loops of its own send and listen, each with its share of the connections,
 * of the fleet and of the rate. They share nothing; a tally passes to {@code main} when its stage is over.
 *
 * <p>Owns: its event loops, connections and bodies, and no file.
 *
 * <p>Must not come in: anything of the server, which it knows by HTTP alone; options and terminals.
 */
@NullMarked
package io.metricstream.load;

import org.jspecify.annotations.NullMarked;
