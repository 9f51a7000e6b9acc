/**
 * What is done to data folders that no server uses: finding what is damaged in one ({@code metricstream verify}), setting
 * it aside ({@code metricstream repair}), and making one of a snapshot ({@code metricstream restore}).
 *
 * <p>Read first: {@link io.metricstream.repair.FolderCheck}, then {@link io.metricstream.repair.FolderRepair} and
 * {@link io.metricstream.repair.SnapshotRestore}, which begin with it.
 *
 * <p>Threads: the one of the command.
 *
 * <p>Owns: while it works, the data folder, whose lock the caller holds; a check owns nothing and may run beside a server.
 *
 * <p>Must not come in: the encodings of parts and log, which their own rooms verify and mend.
 */
@NullMarked
package io.metricstream.repair;

import org.jspecify.annotations.NullMarked;
