package io.metricstream.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a changed file is taken over, and what is in force until then. */
final class RuleServiceTest {
    @TempDir
    private Path folder;

    private RulesRig rig;
    private Path file;
    private RuleService service;

    @BeforeEach
    void load() throws Exception {
        rig = new RulesRig(folder.resolve("data"));
        file = folder.resolve("r.yml");
        write("a");
        service = rig.service(file);
        service.load();
    }

    @AfterEach
    void stop() throws Exception {
        service.stop();
        rig.close();
    }

    private void write(String group) throws Exception {
        Files.writeString(file, "groups: [{name: " + group + ", rules: [{record: r, expr: 1}]}]");
    }

    private List<String> names() {
        return service.groups().stream().map(GroupView::name).toList();
    }

    @Test
    void takesNothingOverThatIsStillBeingWritten() throws Exception {
        Files.writeString(file, "");
        service.reloadIfChanged();
        write("b");
        service.reloadIfChanged();
        assertThat(names()).containsExactly("a");
        service.reloadIfChanged();
        assertThat(names()).containsExactly("b");
    }

    @Test
    void keepsWhatWasReadWhereAFileBecomesBad() throws Exception {
        GroupView before = service.groups().get(0);
        Files.writeString(file, "groups: 1");
        service.reloadIfChanged();
        service.reloadIfChanged();
        assertThat(names()).containsExactly("a");
        assertThat(service.problem()).contains("r.yml:1: groups: wanted a list");
        Files.write(file, "groups: \u00e4".getBytes(StandardCharsets.ISO_8859_1));
        service.reloadIfChanged();
        assertThat(service.problem()).contains("no UTF-8");
        write("a");
        service.reloadIfChanged();
        service.reloadIfChanged();
        assertThat(service.problem()).isEmpty();
        assertThat(service.groups().get(0)).as("the same group, undisturbed").isSameAs(before);
    }
}
