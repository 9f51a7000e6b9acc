package io.metricstream.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.limit.RateLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthenticatorTest {
    private static final String ADDRESS = "192.0.2.7";

    @TempDir
    Path folder;

    private Path path() {
        return folder.resolve("keys.json");
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static String nameOf(Authenticator authenticator, String authorization) {
        return authenticator.authenticate(authorization, ADDRESS).clientName();
    }

    @Test
    void namesAClientAfterItsAddressWhereItSendsNoHeader() {
        Authenticator open = Authenticator.open();
        assertThat(open.authenticate(null, ADDRESS).clientName()).isEqualTo(ADDRESS);
        assertThat(nameOf(open, "  ")).isEqualTo(ADDRESS);
        assertThat(open.isOpen()).isTrue();
    }

    @Test
    void letsEverybodyDoEverythingInOpenMode() {
        Access access = Authenticator.open().authenticate("fleet-7", ADDRESS);
        assertThat(access.clientName()).isEqualTo("fleet-7");
        assertThat(access.known()).isTrue();
        for (AccessRole role : AccessRole.values()) {
            assertThat(access.require(role)).isEqualTo(Verdict.ALLOWED);
        }
    }

    @Test
    void tellsClientsApartWithoutShowingTheirSecrets() {
        Authenticator open = Authenticator.open();
        String one = nameOf(open, "Bearer abcdefghijklmnopqrstuvwxyz");
        assertThat(one).matches("Bearer abcd\\.\\.[0-9a-f]{16}");
        assertThat(nameOf(open, "Bearer abcdefghijklmnopqrstuvwxyz")).isEqualTo(one);
        assertThat(nameOf(open, "Bearer abcdefghijklmnopqrstuvwxyZ")).isNotEqualTo(one);
        assertThat(nameOf(open, "Token abcdefghijklmnopqrstuvwxyz")).isNotEqualTo(one);
        assertThat(nameOf(open, "Bearer secret")).matches("Bearer s\\.\\.[0-9a-f]{16}");
        assertThat(nameOf(open, "Bearer abc")).matches("Bearer \\.\\.[0-9a-f]{16}");
        assertThat(nameOf(open, basic("user:password"))).matches("Basic dXNl\\.\\.[0-9a-f]{16}");
        assertThat(nameOf(open, "ms_0123456789abcdefghijklmnop")).matches("value ms_0\\.\\.[0-9a-f]{16}");
        assertThat(nameOf(open, "x".repeat(65))).matches("value xxxx\\.\\.[0-9a-f]{16}");
        assertThat(nameOf(open, "x".repeat(64))).isEqualTo("x".repeat(64));
        assertThat(nameOf(open, "\u00e9\u00e9\u00e9\u00e9 \u00e9\u00e9\u00e9\u00e9"))
                .matches("value \\.\\.[0-9a-f]{16}");
        assertThat(nameOf(open, "x".repeat(8000)).length()).isLessThan(64);
    }

    @Test
    void saltsTheHashesItShows() {
        assertThat(nameOf(Authenticator.open(), "Bearer hunter2"))
                .isNotEqualTo(nameOf(Authenticator.open(), "Bearer hunter2"));
    }

    @Test
    void namesTheOwnerOfAKeyInOpenModeToo() throws Exception {
        String key = new KeyFile(path()).add("fleet", Set.of(AccessRole.READ));
        Authenticator open = Authenticator.open(path());
        Access access = open.authenticate("Bearer " + key, ADDRESS);
        assertThat(access.clientName()).isEqualTo("fleet");
        assertThat(access.require(AccessRole.WRITE)).isEqualTo(Verdict.ALLOWED);
        assertThat(nameOf(open, "Bearer " + key + "x")).startsWith("Bearer ms_");
        assertThat(nameOf(open, "laptop")).isEqualTo("laptop");
    }

    @Test
    void letsOnlyTheOneClientInWithoutAFile() {
        Authenticator only = Authenticator.only("fleet", "key");
        assertThat(only.isOpen()).isFalse();
        for (AccessRole role : AccessRole.values()) {
            assertThat(only.authenticate("Bearer key", ADDRESS).require(role)).isEqualTo(Verdict.ALLOWED);
            assertThat(only.authenticate("Bearer kez", ADDRESS).require(role)).isEqualTo(Verdict.UNAUTHORIZED);
            assertThat(only.authenticate(null, ADDRESS).require(role)).isEqualTo(Verdict.UNAUTHORIZED);
        }
        assertThat(only.reloadIfChanged()).isFalse();
    }

    @Test
    void acceptsAKeyInEveryForm() throws Exception {
        String key = new KeyFile(path()).add("fleet", Set.of(AccessRole.WRITE));
        Authenticator keys = Authenticator.keys(path());
        for (String accepted : new String[] {
            "Bearer " + key,
            "bearer " + key,
            "BEARER   " + key + " ",
            "Token " + key,
            "token " + key,
            key,
            " " + key + " ",
            basic("fleet:" + key),
            basic(":" + key),
            basic("fleet:" + key).replace("Basic", "bAsIc"),
            basic("fleet:" + key).replace("=", "")
        }) {
            Access access = keys.authenticate(accepted, ADDRESS);
            assertThat(access.clientName()).as(accepted).isEqualTo("fleet");
            assertThat(access.refusal()).isNull();
        }
    }

    @Test
    void refusesEverythingElse() throws Exception {
        KeyFile file = new KeyFile(path());
        String key = file.add("fleet", Set.of(AccessRole.WRITE));
        file.add("laptop", Set.of(AccessRole.WRITE));
        Authenticator keys = Authenticator.keys(path());
        for (String refused : new String[] {
            "",
            " ",
            "Bearer",
            "Bearer ",
            "Bearer x",
            "Bearer" + key,
            "Bearer " + key + "x",
            "Bearer " + key.substring(1),
            "Digest " + key,
            "Bearer " + key + " " + key,
            "Bearer Bearer " + key,
            key.toUpperCase(java.util.Locale.ROOT),
            "Basic",
            "Basic !",
            basic(key),
            basic("laptop:" + key),
            basic("Fleet:" + key),
            basic("fleet"),
            basic("fleet:"),
            basic("fleet:" + key + ":"),
            "Basic " + key,
            KeyHash.of(key).hex(),
            "x".repeat(100_000)
        }) {
            Access access = keys.authenticate(refused, ADDRESS);
            assertThat(access.known()).as(refused).isFalse();
            assertThat(access.require(AccessRole.WRITE)).as(refused).isEqualTo(Verdict.UNAUTHORIZED);
            assertThat(access.clientName()).isEmpty();
            assertThat(access.refusal()).startsWith("found ").doesNotContain(key);
        }
        assertThat(keys.authenticate(null, ADDRESS).refusal()).contains("no Authorization header");
    }

    @Test
    void allowsWhatTheRolesSay() throws Exception {
        KeyFile file = new KeyFile(path());
        String write = file.add("writer", Set.of(AccessRole.WRITE));
        String admin = file.add("boss", Set.of(AccessRole.ADMIN));
        Authenticator keys = Authenticator.keys(path());
        assertThat(keys.authenticate(write, ADDRESS).require(AccessRole.WRITE)).isEqualTo(Verdict.ALLOWED);
        assertThat(keys.authenticate(write, ADDRESS).require(AccessRole.READ)).isEqualTo(Verdict.FORBIDDEN);
        assertThat(keys.authenticate(write, ADDRESS).require(AccessRole.ADMIN)).isEqualTo(Verdict.FORBIDDEN);
        for (AccessRole role : AccessRole.values()) {
            assertThat(keys.authenticate(admin, ADDRESS).require(role)).isEqualTo(Verdict.ALLOWED);
        }
    }

    @Test
    void acceptsTheOldAndTheNewKeyWhileOneIsChanged() throws Exception {
        KeyFile file = new KeyFile(path());
        String old = file.add("fleet", Set.of(AccessRole.WRITE));
        Authenticator keys = Authenticator.keys(path());
        String fresh = file.add("fleet", Set.of());
        assertThat(keys.authenticate(fresh, ADDRESS).known()).isFalse();
        assertThat(keys.reloadIfChanged()).isTrue();
        assertThat(nameOf(keys, old)).isEqualTo("fleet");
        assertThat(nameOf(keys, fresh)).isEqualTo("fleet");
        file.removeOldKeys("fleet");
        assertThat(keys.reloadIfChanged()).isTrue();
        assertThat(keys.authenticate(old, ADDRESS).known()).isFalse();
        assertThat(nameOf(keys, fresh)).isEqualTo("fleet");
        assertThat(keys.generation()).isEqualTo(2);
    }

    @Test
    void readsTheFileAgainOnlyWhereItChanged() throws Exception {
        KeyFile file = new KeyFile(path());
        file.add("fleet", Set.of(AccessRole.WRITE));
        Authenticator keys = Authenticator.keys(path());
        assertThat(keys.reloadIfChanged()).isFalse();
        assertThat(keys.reloadIfChanged()).isFalse();
        Files.setLastModifiedTime(path(), FileTime.fromMillis(1_000));
        assertThat(keys.reloadIfChanged()).as("same content").isFalse();
        assertThat(keys.generation()).isZero();
        file.remove("fleet");
        assertThat(keys.reloadIfChanged()).isTrue();
        assertThat(keys.hasKeys()).isFalse();
        assertThat(Authenticator.open().reloadIfChanged()).isFalse();
    }

    @Test
    void findsASecondChangeThatLeavesTimeSizeAndInodeAsTheyWere() throws Exception {
        String one = "{\"clients\":[{\"name\":\"a\",\"rate_limit\":{\"requests\":1}}]}";
        Files.writeString(path(), one);
        FileTime time = Files.getLastModifiedTime(path());
        Authenticator keys = Authenticator.open(path());
        Files.writeString(path(), one.replace(":1}", ":2}"));
        Files.setLastModifiedTime(path(), time);
        assertThat(keys.reloadIfChanged()).isTrue();
        assertThat(keys.limits(RateLimits.OFF)).isEqualTo(Map.of("a", new RateLimits(2, 0, 0)));
        assertThat(keys.reloadIfChanged()).isFalse();

        // The same after a change that was noticed by the time of the file.
        FileTime later = FileTime.fromMillis(time.toMillis() + 5000);
        Files.writeString(path(), one.replace(":1}", ":3}"));
        Files.setLastModifiedTime(path(), later);
        assertThat(keys.reloadIfChanged()).isTrue();
        Files.writeString(path(), one.replace(":1}", ":4}"));
        Files.setLastModifiedTime(path(), later);
        assertThat(keys.reloadIfChanged()).isTrue();
        assertThat(keys.limits(RateLimits.OFF)).isEqualTo(Map.of("a", new RateLimits(4, 0, 0)));
    }

    @Test
    void keepsTheOldClientsWhereTheNewFileIsBroken() throws Exception {
        KeyFile file = new KeyFile(path());
        String key = file.add("fleet", Set.of(AccessRole.WRITE));
        byte[] good = Files.readAllBytes(path());
        Authenticator keys = Authenticator.keys(path());
        assertThat(keys.problem()).isNull();

        Files.writeString(path(), "{\"clients\":[{\"name\":");
        assertThat(keys.reloadIfChanged()).isFalse();
        assertThat(keys.problem()).contains("not valid JSON");
        assertThat(nameOf(keys, key)).isEqualTo("fleet");

        Files.delete(path());
        assertThat(keys.reloadIfChanged()).isFalse();
        assertThat(keys.problem()).contains("found no such file");
        assertThat(nameOf(keys, key)).isEqualTo("fleet");

        Files.write(path(), good);
        assertThat(keys.reloadIfChanged()).as("the clients are those of before").isFalse();
        assertThat(keys.problem()).isNull();
        assertThat(keys.generation()).isZero();
    }

    @Test
    void doesNotStartWithAFileThatIsBroken() throws Exception {
        assertThatThrownBy(() -> Authenticator.keys(path())).isInstanceOf(KeyFileException.class);
        Files.writeString(path(), "[]");
        assertThatThrownBy(() -> Authenticator.open(path())).hasMessageContaining("keys.json: line 1: ");
    }

    @Test
    void givesTheLimitsOfEveryClientInTheFile() throws Exception {
        Files.writeString(path(), """
                {"clients":[{"name":"fleet","rate_limit":{"samples":5}},{"name":"laptop"}]}""");
        RateLimits defaults = new RateLimits(10, 20, 30);
        assertThat(Authenticator.open(path()).limits(defaults))
                .isEqualTo(Map.of("fleet", new RateLimits(10, 5, 30), "laptop", defaults));
    }
}
