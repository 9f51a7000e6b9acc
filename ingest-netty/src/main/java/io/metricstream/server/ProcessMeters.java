package io.metricstream.server;

import io.metricstream.own.ThreadSafe;
import io.metricstream.promql.engine.QueryMemory;
import io.metricstream.storage.head.Head;
import io.metricstream.storage.wal.RecoveryReport;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The statistics of the process and of what it holds on the disk. */
@ThreadSafe("meters read thread-safe sources")
final class ProcessMeters implements AutoCloseable {
    private final MeterRegistry registry;
    private final JvmGcMetrics collections = new JvmGcMetrics();

    ProcessMeters(MeterRegistry registry, Head head, QueryMemory queries, Path logFolder) {
        this.registry = registry;
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collections.bindTo(registry);
        Gauge.builder("metricstream.series", head, h -> h.series().size())
                .description("Series that are known")
                .register(registry);
        Gauge.builder("metricstream.series.limit", head, h -> h.series().maxSeries())
                .description("Series that may be known at once")
                .register(registry);
        Gauge.builder("metricstream.head", head, Head::bytes)
                .description("Size of the samples in memory")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("metricstream.query.memory", queries, QueryMemory::heldBytes)
                .strongReference(true)
                .description("What queries collect in memory")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("metricstream.log.size", logFolder, ProcessMeters::sizeOf)
                .strongReference(true)
                .description("Size of the write-ahead log on the disk")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("metricstream.disk.free", logFolder, ProcessMeters::freeOf)
                .strongReference(true)
                .description("Space left where the data folder is")
                .baseUnit("bytes")
                .register(registry);
    }

    /** What this start found in the log. */
    void onRecovered(RecoveryReport report) {
        recovered("metricstream.recovery.samples", "Samples that this start found in the log", report.samples());
        recovered(
                "metricstream.recovery.damages",
                "Damaged places that this start found",
                report.damage().size());
        recovered("metricstream.recovery.lost", "Records lost with them", report.recordsLost());
        recovered("metricstream.recovery.orphans", "Samples found whose series is not known", report.orphanSamples());
    }

    @Override
    public void close() {
        collections.close();
    }

    private void recovered(String name, String description, long found) {
        Gauge.builder(name, () -> found).description(description).register(registry);
    }

    private static double sizeOf(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(ProcessMeters::size).sum();
        } catch (IOException | UncheckedIOException e) {
            return Double.NaN;
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException gone) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double freeOf(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
