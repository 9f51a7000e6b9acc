package io.metricstream.auth;

import io.metricstream.limit.RateOverride;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a key file beside the old one, makes it durable, and puts it in the old one's place.
 *
 * <p>A new file can be read and written by its owner alone. One that replaces another keeps that one's permissions, owner
 * and group, so that a server under another account can still read it. Fails: IOException; the old file is untouched.
 */
final class KeyFileWriter {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private KeyFileWriter() {}

    static void replace(Path path, List<ClientEntry> clients) throws IOException {
        Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null) {
            throw new NoSuchFileException(path.toString(), null, "has no folder");
        }
        boolean posix = Files.getFileStore(folder).supportsFileAttributeView(PosixFileAttributeView.class);
        Path fresh = Files.createTempFile(folder, "." + target.getFileName(), ".new", ownerOnly(posix));
        try {
            write(fresh, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json(clients)));
            if (posix && Files.exists(target)) {
                keepOwnership(target, fresh);
            }
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        if (posix) {
            force(folder, StandardOpenOption.READ);
        }
    }

    private static FileAttribute<?>[] ownerOnly(boolean posix) {
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (ByteBuffer rest = ByteBuffer.wrap(content); rest.hasRemaining(); ) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    private static void force(Path folder, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, how)) {
            channel.force(true);
        }
    }

    private static void keepOwnership(Path from, Path to) throws IOException {
        PosixFileAttributes old = Files.readAttributes(from, PosixFileAttributes.class);
        PosixFileAttributes fresh = Files.readAttributes(to, PosixFileAttributes.class);
        PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (!fresh.owner().equals(old.owner())) {
            view.setOwner(old.owner());
        }
        if (!fresh.group().equals(old.group())) {
            view.setGroup(old.group());
        }
        view.setPermissions(old.permissions());
    }

    private static ObjectNode json(List<ClientEntry> clients) {
        ObjectNode file = MAPPER.createObjectNode();
        ArrayNode array = file.putArray("clients");
        for (ClientEntry client : clients) {
            ObjectNode entry = array.addObject().put("name", client.name());
            if (!client.keys().isEmpty()) {
                ArrayNode keys = entry.putArray("key_sha256");
                client.keys().forEach(key -> keys.add(key.hex()));
            }
            if (!client.roles().isEmpty()) {
                ArrayNode roles = entry.putArray("roles");
                client.roles().stream()
                        .sorted()
                        .forEach(role -> roles.add(role.name().toLowerCase(Locale.ROOT)));
            }
            if (!client.limits().equals(RateOverride.NONE)) {
                putLimits(entry.putObject("rate_limit"), client.limits());
            }
        }
        return file;
    }

    private static void putLimits(ObjectNode limits, RateOverride override) {
        putLimit(limits, "requests", override.requestsPerSecond());
        putLimit(limits, "samples", override.samplesPerSecond());
        putLimit(limits, "bytes", override.bytesPerSecond());
    }

    private static void putLimit(ObjectNode limits, String field, long perSecond) {
        if (perSecond != RateOverride.INHERIT) {
            limits.put(field, perSecond);
        }
    }
}
