package io.metricstream.storage;

import java.nio.file.Path;
import java.util.List;

/**
 * Every call on files that the store makes, so that tests can cut the power, fill the disk or fail a call.
 *
 * <p>Thread: any; calls on one {@link DiskFile} are made by one thread at a time. Fails: {@link StorageFailure.DiskFull}
 * where there is no room, {@link StorageFailure.Io} otherwise. Order: a new, renamed or deleted name is durable only
 * after {@link #syncFolder} of its folder.
 */
public interface Disk {
    /** Creates a file that must not exist, for reading and writing. */
    DiskFile create(Path path) throws StorageFailure;

    /** Opens an existing file for reading and writing. */
    DiskFile openWrite(Path path) throws StorageFailure;

    /** Opens an existing file for reading. */
    DiskFile openRead(Path path) throws StorageFailure;

    /** The files and folders in a folder, sorted by name. */
    List<Path> list(Path folder) throws StorageFailure;

    boolean exists(Path path);

    /** How many bytes files of this folder may grow by, as far as the file system tells; quotas are often not in it. */
    long usableBytes(Path folder) throws StorageFailure;

    /** Makes a folder and those above it; fine where it exists. */
    void createFolders(Path folder) throws StorageFailure;

    /** Renames within the file system, replacing what has the new name. */
    void rename(Path from, Path to) throws StorageFailure;

    /** Gives a file a second name; what is written under one is read under the other. */
    void link(Path existing, Path link) throws StorageFailure;

    void delete(Path path) throws StorageFailure;

    /** Makes the names in a folder durable. */
    void syncFolder(Path folder) throws StorageFailure;
}
