package io.metricstream.rules.file;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;

/**
 * The files that patterns name, and the groups in them.
 *
 * <p>Limits: {@link #MOST_BYTES} of text all together. Fails: {@link RuleFileException} with the problem of each bad file.
 */
public final class RuleFiles {
    private static final long MOST_BYTES = 16L << 20;
    private static final String WILD = "*?[";

    private RuleFiles() {}

    /**
     * The text of each file that one of the patterns names now, by its path. In a pattern, {@code *}, {@code ?} and
     * {@code [a-z]} stand for what does not cross a folder. Comparing two answers tells whether anything has changed, which
     * times of files do not where two changes follow each other closely.
     */
    public static Map<String, String> read(List<String> patterns) throws RuleFileException {
        var texts = new TreeMap<String, String>();
        long bytes = 0;
        for (String pattern : patterns) {
            for (Path path : paths(pattern)) {
                bytes += size(path);
                if (bytes > MOST_BYTES) {
                    throw new RuleFileException(
                            path + ":1: all files together have more than " + MOST_BYTES + " bytes");
                }
                texts.put(path.toString(), text(path));
            }
        }
        return texts;
    }

    /** The groups of all files, in order; fails with the problem of every bad one. */
    public static List<GroupSpec> parse(Map<String, String> texts) throws RuleFileException {
        var groups = new ArrayList<GroupSpec>();
        var problems = new ArrayList<String>();
        for (Map.Entry<String, String> file : texts.entrySet()) {
            try {
                groups.addAll(RuleFileReader.read(file.getKey(), file.getValue()));
            } catch (RuleFileException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (!problems.isEmpty()) {
            throw new RuleFileException(String.join("\n", problems));
        }
        return groups;
    }

    private static long size(Path path) throws RuleFileException {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw new RuleFileException(path + ":1: cannot be read: " + e, e);
        }
    }

    private static String text(Path path) throws RuleFileException {
        try {
            return Files.readString(path);
        } catch (CharacterCodingException e) {
            throw new RuleFileException(path + ":1: found bytes that are no UTF-8", e);
        } catch (IOException e) {
            throw new RuleFileException(path + ":1: cannot be read: " + e, e);
        }
    }

    /** What a pattern names now, name by name from its root on; what is not there, or no folder, holds nothing. */
    private static Set<Path> paths(String pattern) throws RuleFileException {
        Path whole = path(pattern);
        Path root = whole.getRoot();
        var found = new TreeSet<Path>(Set.of(root == null ? Path.of("") : root));
        for (Path name : whole) {
            var below = new TreeSet<Path>();
            for (Path folder : found) {
                below.addAll(below(folder, name.toString(), pattern));
            }
            found = below;
        }
        found.removeIf(path -> !Files.isRegularFile(path));
        return found;
    }

    private static Path path(String pattern) throws RuleFileException {
        try {
            return Path.of(pattern);
        } catch (InvalidPathException e) {
            throw new RuleFileException(pattern + ":1: not a path: " + e.getReason(), e);
        }
    }

    private static List<Path> below(Path folder, String name, String pattern) throws RuleFileException {
        if (name.chars().noneMatch(c -> WILD.indexOf(c) >= 0)) {
            return List.of(folder.resolve(name));
        }
        var found = new ArrayList<Path>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob(name))) {
            entries.forEach(found::add);
        } catch (NoSuchFileException | NotDirectoryException nothing) {
            return List.of();
        } catch (PatternSyntaxException e) {
            throw new RuleFileException(pattern + ":1: not a pattern: " + e.getDescription(), e);
        } catch (IOException | DirectoryIteratorException e) {
            throw new RuleFileException(pattern + ":1: cannot be looked through: " + e, e);
        }
        return found;
    }

    /** A pattern of Go as one of Java: braces mean themselves there, and another character negates a class. */
    private static String glob(String name) {
        return name.replace("{", "\\{").replace("}", "\\}").replace("[^", "[!");
    }
}
