package io.metricstream;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;

/** Which room may see which: the one table of it. A room that is not listed fails the build until it is. */
final class Rooms extends ArchCondition<JavaClass> {
    private static final String ROOT = "io.metricstream.";

    /** {@code own} and {@code model} are open to all and see nothing but themselves ({@code model} sees {@code own}). */
    private static final Set<String> OPEN = Set.of("own", "model");

    /** Rooms some of whose types wait for the room that will use them. */
    static final Set<String> UNFINISHED = Set.of();

    private static final Map<String, Set<String>> MAY_SEE = Map.ofEntries(
            Map.entry("own", Set.of()),
            Map.entry("model", Set.of("own")),
            Map.entry("limit", Set.of()),
            Map.entry("auth", Set.of("limit")),
            Map.entry("select", Set.of("storage")),
            Map.entry("storage", Set.of()),
            Map.entry("storage.head", Set.of("select", "storage", "storage.wal")),
            Map.entry("storage.block", Set.of()),
            Map.entry("storage.part", Set.of("select", "storage", "storage.block")),
            Map.entry(
                    "storage.store",
                    Set.of("select", "storage", "storage.head", "storage.merge", "storage.part", "storage.wal")),
            Map.entry("storage.merge", Set.of("select", "storage")),
            Map.entry("storage.wal", Set.of("storage")),
            Map.entry("parse", Set.of("storage.head")),
            Map.entry("ring", Set.of("limit", "storage", "storage.head", "storage.wal")),
            Map.entry("repair", Set.of("export", "storage", "storage.part", "storage.store", "storage.wal")),
            Map.entry(
                    "export",
                    Set.of(
                            "select",
                            "storage",
                            "storage.head",
                            "storage.merge",
                            "storage.part",
                            "storage.store",
                            "storage.wal")),
            Map.entry(
                    "config",
                    Set.of(
                            "auth",
                            "export",
                            "http",
                            "limit",
                            "parse",
                            "promql.engine",
                            "ring",
                            "rules",
                            "storage",
                            "storage.head",
                            "storage.store",
                            "storage.wal")),
            Map.entry("promql.text", Set.of()),
            Map.entry("promql.parse", Set.of("promql.text", "select")),
            Map.entry("promql.function", Set.of("promql.parse")),
            Map.entry("promql.engine", Set.of("promql.function", "promql.parse", "promql.text", "select", "storage")),
            Map.entry("stats", Set.of("parse")),
            Map.entry("load", Set.of()),
            Map.entry("rules.template", Set.of("promql.text")),
            Map.entry("rules.file", Set.of("promql.parse", "promql.text", "rules.template")),
            Map.entry("rules.notify", Set.of("promql.text")),
            Map.entry(
                    "rules",
                    Set.of(
                            "promql.engine",
                            "promql.parse",
                            "rules.file",
                            "rules.notify",
                            "rules.template",
                            "select",
                            "storage")),
            Map.entry("ask", Set.of("promql.engine", "promql.parse", "promql.text", "select")),
            Map.entry("feed", Set.of("export", "storage")),
            Map.entry("parquet", Set.of("export", "select", "storage")),
            Map.entry("http", Set.of("auth", "limit", "parse", "ring", "select", "stats", "storage.head")),
            Map.entry(
                    "api",
                    Set.of(
                            "export",
                            "http",
                            "promql.engine",
                            "promql.parse",
                            "promql.text",
                            "rules",
                            "select",
                            "stats",
                            "storage",
                            "storage.merge")),
            Map.entry(
                    "server",
                    Set.of(
                            "api",
                            "ask",
                            "auth",
                            "config",
                            "export",
                            "feed",
                            "http",
                            "limit",
                            "load",
                            "parquet",
                            "parse",
                            "promql.engine",
                            "repair",
                            "ring",
                            "rules",
                            "rules.file",
                            "select",
                            "stats",
                            "storage",
                            "storage.head",
                            "storage.part",
                            "storage.store",
                            "storage.wal")));

    Rooms() {
        super("see only the rooms that the table allows");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        String room = roomOf(type);
        Set<String> allowed = MAY_SEE.get(room);
        if (allowed == null) {
            events.add(
                    SimpleConditionEvent.violated(type, "room " + room + " of " + type.getName() + " is not listed"));
            return;
        }
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            JavaClass target = dependency.getTargetClass().getBaseComponentType();
            String seen = roomOf(target);
            if (target.getPackageName().startsWith(ROOT) && !seen.equals(room) && !allowed.contains(seen)) {
                boolean open = OPEN.contains(seen) && !OPEN.contains(room);
                if (!open) {
                    events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                }
            }
        }
    }

    static String roomOf(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith(ROOT) ? name.substring(ROOT.length()) : "";
    }
}
