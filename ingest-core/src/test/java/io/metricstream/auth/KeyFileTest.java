package io.metricstream.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.limit.RateOverride;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeyFileTest {
    private static final String HASH = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    @TempDir
    Path folder;

    private Path path() {
        return folder.resolve("keys.json");
    }

    private KeyFile holding(String json) throws IOException {
        Files.writeString(path(), json);
        return new KeyFile(path());
    }

    @Test
    void readsEveryField() throws Exception {
        KeyFile file = holding("""
                {"clients": [
                  {"name": "fleet", "key_sha256": "%s", "roles": ["write", "read"], "rate_limit": {"requests": 100}},
                  {"name": "2001:db8::1", "rate_limit": {"samples": 5, "bytes": 0}}
                ]}""".formatted(HASH));
        long inherit = RateOverride.INHERIT;
        assertThat(file.list())
                .containsExactly(
                        new ClientEntry(
                                "fleet",
                                List.of(KeyHash.parse(HASH)),
                                Set.of(AccessRole.WRITE, AccessRole.READ),
                                new RateOverride(100, inherit, inherit)),
                        new ClientEntry("2001:db8::1", List.of(), Set.of(), new RateOverride(inherit, 5, 0)));
    }

    static Stream<Arguments> badFiles() {
        return Stream.of(
                Arguments.of("", "line 1: the file: found nothing, wanted an object"),
                Arguments.of("[]", "line 1: the file: found an array, wanted an object"),
                Arguments.of("{}", "line 1: the file: found no field \"clients\""),
                Arguments.of("{\"clients\":[]} {}", "line 1: the file: found more after its end"),
                Arguments.of("{\"clients\":{}}", "line 1: clients: found an object, wanted an array"),
                Arguments.of("{\"clients\":[\n7]}", "line 2: clients[0]: found a number, wanted an object"),
                Arguments.of(
                        "{\"clients\":[{\"name\":\"a\"},\n{\"nmae\":\"b\"}]}",
                        "line 2: clients[1].nmae: found a field"),
                Arguments.of("{\"klients\":[]}", "line 1: klients: found a field of this name, wanted clients"),
                Arguments.of("{\"clients\":[{}]}", "line 1: clients[0].name: found none"),
                Arguments.of("{\"clients\":[{\"name\":\"\"}]}", "line 1: clients[0].name: found 0 characters"),
                Arguments.of("{\"clients\":[{\"name\":\"a\\nb\"}]}", "clients[0].name: found a character that is not"),
                Arguments.of("{\"clients\":[{\"name\":\"" + "a".repeat(129) + "\"}]}", "name: found 129 characters"),
                Arguments.of("{\"clients\":[{\"name\":1}]}", "clients[0].name: found a number, wanted a string"),
                Arguments.of(
                        "{\"clients\":[{\"name\":\"a\"},\n\n{\"name\":\"a\"}]}",
                        "line 3: clients[1].name: found \"a\" again"),
                Arguments.of("{\"clients\":[{\"name\":\"a\",\"name\":\"b\"}]}", "line 1, column"),
                Arguments.of("{\"clients\":[{\"name\":\"a\"", "not valid JSON"),
                Arguments.of("{\"clients\":[", "not valid JSON"),
                Arguments.of(
                        "{\"clients\":[{\"name\":\"a\",\"key_sha256\":\"secret\"}]}",
                        "key_sha256: found something else"),
                Arguments.of(
                        "{\"clients\":[{\"name\":\"a\",\"key_sha256\":[\"" + HASH + "\",\n5]}]}",
                        "line 2: clients[0].key_sha256[1]: found a number"),
                Arguments.of(
                        "{\"clients\":[{\"name\":\"a\",\"key_sha256\":\"" + HASH + "\"}]}",
                        "clients[0].roles: found none"),
                Arguments.of(
                        "{\"clients\":[{\"name\":\"a\",\"roles\":\"write\"}]}",
                        "roles: found a string, wanted an array"),
                Arguments.of(
                        "{\"clients\":[{\"name\":\"a\",\n\"roles\":[\"wirte\"]}]}",
                        "line 2: clients[0].roles: found \"wirte\", wanted write, read or admin"),
                Arguments.of("{\"clients\":[{\"name\":\"a\",\"roles\":[\"read\",\"read\"]}]}", "found \"read\" again"),
                Arguments.of(
                        "{\"clients\":[{\"name\":\"a\",\"rate_limit\":5}]}",
                        "rate_limit: found a number, wanted an object"),
                Arguments.of(
                        "{\"clients\":[{\"name\":\"a\",\"rate_limit\":{\"requests\":-1}}]}",
                        "rate_limit.requests: found -1"),
                Arguments.of(
                        "{\"clients\":[{\"name\":\"a\",\"rate_limit\":{\"requests\":1.5}}]}",
                        "rate_limit.requests: found a number, wanted a whole number"),
                Arguments.of(
                        "{\"clients\":[{\"name\":\"a\",\"rate_limit\":{\"bytes\":99999999999999999999}}]}",
                        "bytes: found a number that is too large"),
                Arguments.of(
                        "{\"clients\":[{\"name\":\"a\",\"rate_limit\":{\"bytes\":9999999999999999}}]}",
                        "rate-limit.bytes: found 9999999999999999"),
                Arguments.of(
                        "{\"clients\":[{\"name\":\"a\",\"rate_limit\":{\"rps\":1}}]}",
                        "clients[0].rate_limit.rps: found a field"),
                Arguments.of(
                        "{\"clients\":[{\"name\":\"a:b\",\"roles\":[\"read\"],\"key_sha256\":\"" + HASH + "\"}]}",
                        "name: found a colon"),
                Arguments.of(
                        twoClientsWithOneKey(), "line 2: clients[1].key_sha256: found a key that \"a\" has already"));
    }

    private static String twoClientsWithOneKey() {
        String roles = "\",\"roles\":[\"read\"]}";
        return "{\"clients\":[{\"name\":\"a\",\"key_sha256\":\"" + HASH + roles + ",\n{\"name\":\"b\",\"key_sha256\":\""
                + HASH + roles + "]}";
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void refusesABadFileAndSaysWhere(String json, String wanted) throws Exception {
        KeyFile file = holding(json);
        assertThatThrownBy(file::list)
                .isInstanceOf(KeyFileException.class)
                .hasMessageStartingWith(path() + ": line ")
                .hasMessageContaining(wanted)
                .message()
                .doesNotContain(HASH)
                .doesNotContain("secret");
    }

    @Test
    void refusesAFileThatIsMissingOrTooLarge() throws Exception {
        KeyFile file = new KeyFile(path());
        assertThatThrownBy(file::list).hasMessage(path() + ": found no such file");
        Files.write(path(), new byte[(int) KeyFile.MAX_BYTES + 1]);
        assertThatThrownBy(file::list).hasMessageContaining("wanted at most 16777216");
    }

    @Test
    void makesAKeyAndKeepsItsHashAlone() throws Exception {
        KeyFile file = new KeyFile(path());
        String key = file.add("fleet", Set.of(AccessRole.WRITE));
        assertThat(key).matches("ms_[A-Za-z0-9_-]{43}");
        assertThat(Files.readString(path()))
                .doesNotContain(key.substring(3))
                .contains(KeyHash.of(key).hex());
        assertThat(file.list())
                .containsExactly(new ClientEntry(
                        "fleet", List.of(KeyHash.of(key)), Set.of(AccessRole.WRITE), RateOverride.NONE));
    }

    @Test
    void makesADifferentKeyEachTime() throws Exception {
        KeyFile file = new KeyFile(path());
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            keys.add(file.add("client-" + i, Set.of(AccessRole.READ)));
        }
        assertThat(keys).hasSize(20);
        assertThat(file.list()).hasSize(20);
    }

    @Test
    void rotatesAKeyWithoutAGap() throws Exception {
        KeyFile file = new KeyFile(path());
        String old = file.add("fleet", Set.of(AccessRole.WRITE));
        String fresh = file.add("fleet", Set.of());
        assertThat(file.list().get(0).keys()).containsExactly(KeyHash.of(old), KeyHash.of(fresh));
        assertThat(file.removeOldKeys("fleet")).isEqualTo(1);
        assertThat(file.list().get(0).keys()).containsExactly(KeyHash.of(fresh));
        assertThat(file.removeOldKeys("fleet")).isZero();
        assertThatThrownBy(() -> file.removeOldKeys("nobody")).hasMessageContaining("found no client \"nobody\"");
    }

    @Test
    void keepsWhatItDoesNotChange() throws Exception {
        KeyFile file = holding("""
                {"clients": [
                  {"name": "fleet", "key_sha256": "%s", "roles": ["write"], "rate_limit": {"requests": 100, "bytes": 0}},
                  {"name": "10.0.0.7", "rate_limit": {"samples": 5}}
                ]}""".formatted(HASH));
        List<ClientEntry> before = file.list();
        file.add("laptop", Set.of(AccessRole.ADMIN));
        assertThat(file.list()).startsWith(before.toArray(new ClientEntry[0])).hasSize(3);
        assertThat(file.remove("laptop")).isTrue();
        assertThat(file.list()).isEqualTo(before);
        assertThat(file.remove("laptop")).isFalse();
    }

    @Test
    void givesAKeyToAnEntryThatHadOnlyLimits() throws Exception {
        KeyFile file = holding("{\"clients\":[{\"name\":\"fleet\",\"rate_limit\":{\"requests\":7}}]}");
        String key = file.add("fleet", Set.of(AccessRole.READ));
        ClientEntry fleet = file.list().get(0);
        assertThat(fleet.keys()).containsExactly(KeyHash.of(key));
        assertThat(fleet.roles()).containsExactly(AccessRole.READ);
        assertThat(fleet.limits().requestsPerSecond()).isEqualTo(7);
    }

    @Test
    void leavesTheFileAsItWasWhereAChangeIsRefused() throws Exception {
        KeyFile file = new KeyFile(path());
        file.add("fleet", Set.of(AccessRole.WRITE));
        byte[] before = Files.readAllBytes(path());
        assertThatThrownBy(() -> file.add("fleet", Set.of(AccessRole.ADMIN))).hasMessageContaining("has the roles");
        assertThatThrownBy(() -> file.add("", Set.of(AccessRole.ADMIN))).isInstanceOf(KeyFileException.class);
        assertThatThrownBy(() -> file.add("a:b", Set.of(AccessRole.ADMIN))).hasMessageContaining("colon");
        assertThatThrownBy(() -> file.add("laptop", Set.of())).hasMessageContaining("roles: found none");
        assertThat(Files.readAllBytes(path())).isEqualTo(before);
        Files.writeString(path(), "{ broken");
        assertThatThrownBy(() -> file.add("laptop", Set.of(AccessRole.READ))).hasMessageContaining("not valid JSON");
        assertThat(path()).hasContent("{ broken");
        assertThat(filesBeside()).containsExactlyInAnyOrder("keys.json", ".keys.json.lock");
    }

    @Test
    void letsOnlyTheOwnerReadANewFile() throws Exception {
        new KeyFile(path()).add("fleet", Set.of(AccessRole.WRITE));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
        assertThat(filesBeside()).containsExactlyInAnyOrder("keys.json", ".keys.json.lock");
    }

    @Test
    void keepsThePermissionsOfTheFileItReplaces() throws Exception {
        KeyFile file = holding("{\"clients\":[]}");
        Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-r-----"));
        Object inode = Files.readAttributes(path(), "unix:ino").get("ino");
        file.add("fleet", Set.of(AccessRole.WRITE));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-r-----");
        // Replaced, not written over.
        assertThat(Files.readAttributes(path(), "unix:ino").get("ino")).isNotEqualTo(inode);
    }

    @Test
    void changesTheFileBehindALink() throws Exception {
        Path real = Files.createDirectory(folder.resolve("real")).resolve("clients.json");
        Files.writeString(real, "{\"clients\":[]}");
        Files.createSymbolicLink(path(), real);
        new KeyFile(path()).add("fleet", Set.of(AccessRole.WRITE));
        assertThat(path()).isSymbolicLink();
        assertThat(new KeyFile(real).list()).hasSize(1);
    }

    @Test
    void hashesKeysAsSha256() {
        // The hash of the empty text and of "abc" as FIPS 180-4 gives them.
        assertThat(KeyHash.of("").hex()).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(KeyHash.of("abc").hex())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(KeyHash.parse(KeyHash.of("abc").hex().toUpperCase(java.util.Locale.ROOT)))
                .isEqualTo(KeyHash.of("abc"));
        assertThat(KeyHash.of("abc")).isNotEqualTo(KeyHash.of("abd")).hasSameHashCodeAs(KeyHash.of("abc"));
        assertThat("abc".getBytes(StandardCharsets.US_ASCII)).hasSize(3);
    }

    private List<String> filesBeside() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        return names;
    }
}
