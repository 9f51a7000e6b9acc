package io.metricstream.server;

import io.metricstream.config.ConfigKeys;
import io.metricstream.export.ExportFile;
import io.metricstream.export.FolderSource;
import io.metricstream.export.SampleExport;
import io.metricstream.export.SampleSource;
import io.metricstream.export.SourceLoss;
import io.metricstream.model.EpochClock;
import io.metricstream.model.NanoClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes stored samples out. */
@Command(
        name = "export",
        description =
                "Writes the samples of a data folder as JSON Lines, CSV or Parquet, while a server runs on it or not: all"
                        + " that was acknowledged before. First what is in parts, part by part, by series and time; then what is"
                        + " only in the log, as it came. A sample that was written again may come twice, the valid one last.")
@OwnedBy(Role.MAIN)
final class ExportCommand implements Callable<Integer> {
    private static final int MIB_SHIFT = 20;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions configuration;

    @Mixin
    private ExportOptions options;

    @Option(names = "--data", paramLabel = "FOLDER", description = "The data folder; otherwise data.dir.")
    private @Nullable Path data;

    @Override
    public Integer call() throws CommandFailure {
        Path folder = data == null ? configuration.settings().get(ConfigKeys.DATA_DIR) : data;
        ExportOptions.Wanted wanted = options.wanted(folder, EpochClock.system().millis());
        PrintWriter err = spec.commandLine().getErr();
        try {
            SourceLoss loss = wanted.file().isPresent()
                    ? toFile(wanted, real(wanted.file().get()), err)
                    : toStream(wanted, StreamOutput.standard());
            if (!loss.isNone()) {
                err.println("metricstream: some of what was stored cannot be read: damaged-places=" + loss.damages()
                        + ", samples-without-series=" + loss.orphanSamples() + "; metricstream verify " + folder
                        + " says where");
            }
            err.flush();
            return loss.isNone() ? ExitCode.OK : ExitCode.DAMAGE;
        } catch (StorageFailure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw CommandFailure.failed("--output: " + e);
        }
    }

    /** A link stays one: what it leads to is replaced. */
    private static Path real(Path file) throws IOException {
        return Files.exists(file) ? file.toRealPath() : file;
    }

    private static SourceLoss toFile(ExportOptions.Wanted wanted, Path file, PrintWriter err) throws StorageFailure {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            return toStream(wanted, StreamOutput.to(file));
        }
        var disk = new RealDisk();
        try (FolderSource source = FolderSource.open(disk, wanted.data());
                ExportFile out = ExportFile.create(disk, file);
                Progress progress = Progress.of(
                        "export", " MiB", Math.max(1, source.sizeBytes() >> MIB_SHIFT), err, NanoClock.system())) {
            SampleExport export = wanted.format().to(out);
            SourceLoss loss = run(export, source, wanted, progress);
            out.publish();
            err.println("exported " + export.samples() + " samples to " + file);
            return loss;
        }
    }

    private static SourceLoss run(
            SampleExport export, SampleSource source, ExportOptions.Wanted wanted, Progress progress)
            throws StorageFailure {
        long[] readBytes = new long[1];
        return export.run(source, wanted.selection(), bytes -> {
            readBytes[0] += bytes;
            progress.at(readBytes[0] >> MIB_SHIFT, export.samples() + " samples");
        });
    }

    private static SourceLoss toStream(ExportOptions.Wanted wanted, StreamOutput stream) throws StorageFailure {
        try (stream;
                FolderSource source = FolderSource.open(new RealDisk(), wanted.data())) {
            return wanted.format().to(stream).run(source, wanted.selection(), bytes -> {});
        } catch (StorageFailure e) {
            if (stream.readerGone()) {
                return SourceLoss.NONE;
            }
            throw e;
        }
    }
}
