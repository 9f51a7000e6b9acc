package io.metricstream.storage.part;

import io.metricstream.storage.RealDisk;
import io.metricstream.storage.StorageFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A part of {@link MadeSeries} in a temporary folder, written and opened; says what it takes. Owns: the file, until closed. */
final class MadePart implements AutoCloseable {
    private static final PartHeader.Origin ORIGIN = new PartHeader.Origin(0, Long.MAX_VALUE, 0, 0, 0);

    private final Path folder;
    private final Path path;
    private final MadeSeries series;
    final Part part;

    MadePart(int hosts, int samplesOfEach) throws IOException, StorageFailure {
        series = new MadeSeries(hosts, samplesOfEach);
        folder = Files.createTempDirectory("part");
        path = folder.resolve("a.part");
        PartSummary written = write();
        System.out.printf(
                "%n%d series, %d samples, %d bytes: %.3f bytes a sample%n",
                written.series(), written.samples(), written.bytes(), (double) written.bytes() / written.samples());
        part = Part.open(new RealDisk(), path);
    }

    /** Writes the same part again, in place of the one there. */
    PartSummary write() throws StorageFailure {
        return PartWriter.write(new RealDisk(), path, ORIGIN, series.restarted());
    }

    @Override
    public void close() throws IOException {
        part.close();
        Files.delete(path);
        Files.delete(folder);
    }
}
