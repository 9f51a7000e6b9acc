package io.metricstream.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * What tells one state of a file from the next, links followed.
 *
 * @param inode device and inode; null on a file system without them
 */
record FileStamp(
        FileTime modified, long sizeBytes, @Nullable Object inode) {
    /** The stamp of a file that is not there or cannot be looked at. */
    static final FileStamp ABSENT = new FileStamp(FileTime.fromMillis(0), -1, null);

    static FileStamp of(Path path) {
        try {
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            return new FileStamp(found.lastModifiedTime(), found.size(), found.fileKey());
        } catch (IOException e) {
            return ABSENT;
        }
    }
}
