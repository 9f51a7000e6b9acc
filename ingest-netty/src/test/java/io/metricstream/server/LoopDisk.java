package io.metricstream.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A real ext4 file system in a file, mounted through a loop device; needs root, and skips the test without it. */
final class LoopDisk implements AutoCloseable {
    final Path mount;
    private final Path image;

    private LoopDisk(Path image, Path mount) {
        this.image = image;
        this.mount = mount;
    }

    /** Makes a new file system of this size. */
    static LoopDisk create(Path folder, String name, int megabytes) throws IOException {
        Path image = folder.resolve(name + ".img");
        Assumptions.assumeTrue(
                run("truncate", "-s", megabytes + "M", image.toString()) == 0
                        && run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString()) == 0,
                "mkfs.ext4 is needed");
        return mount(folder, name, image);
    }

    private static LoopDisk mount(Path folder, String name, Path image) throws IOException {
        Path mount = Files.createDirectories(folder.resolve(name));
        Assumptions.assumeTrue(
                run("mount", "-o", "loop", image.toString(), mount.toString()) == 0,
                "mounting a loop device needs root");
        return new LoopDisk(image, mount);
    }

    /**
     * What would be on the disk if the power went now: a copy of the device, mounted. What the file system still holds
     * in the page cache is not in it.
     */
    LoopDisk cutPower(Path folder, String name) throws IOException {
        Path copy = folder.resolve(name + ".img");
        if (run("cp", "--sparse=always", image.toString(), copy.toString()) != 0) {
            throw new IOException("cannot copy " + image);
        }
        return mount(folder, name, copy);
    }

    @Override
    public void close() throws IOException {
        if (run("umount", mount.toString()) != 0 && run("umount", "-l", mount.toString()) != 0) {
            throw new IOException("cannot unmount " + mount);
        }
        Files.deleteIfExists(image);
    }

    private static int run(String... command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException noSuchCommand) {
            return -1;
        }
        return process.onExit().orTimeout(60, TimeUnit.SECONDS).join().exitValue();
    }
}
