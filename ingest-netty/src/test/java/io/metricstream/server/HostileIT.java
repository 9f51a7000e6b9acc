package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.sun.management.UnixOperatingSystemMXBean;
import io.metricstream.http.HttpAnswer;
import io.metricstream.http.RawClient;
import io.metricstream.http.Requests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that mean no good, or are broken, against the real server. Meanwhile and afterwards it serves everybody else, and
 * its statistics account for every sample.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class HostileIT {
    private static final String POST = Requests.post(Requests.ONE);

    @TempDir
    private Path folder;

    private ServerProcess start(List<String> before, String... options) throws Exception {
        return ServerProcess.start(before, folder.resolve("data"), folder.resolve("server.log"), options)
                .awaitReady();
    }

    private static void closeAll(List<RawClient> clients) throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        clients.clear();
    }

    private static void assertServes(ServerProcess server) throws IOException {
        try (RawClient client = RawClient.connect(server.port)) {
            assertThat(client.send(POST).answer().status()).isEqualTo(200);
        }
    }

    /** {@code ./mvnw verify -Dit.test=HostileIT} prints what they cost. */
    @Test
    void holdsTenThousandIdleConnectionsAndServesAnother() throws Exception {
        int count = 10_000;
        Assumptions.assumeTrue(openFiles() >= count + 500, "10,500 open files are needed (ulimit -n)");
        List<RawClient> clients = new ArrayList<>();
        var busy = new BusyClient();
        try (ServerProcess server = start(List.of(), "--rate-limit", "0", "--set", "http.max-connections=10100")) {
            CompletableFuture<Void> writing = Beside.run(() -> busy.write(server.port));
            open(server, clients, 200);
            busy.awaitWrites(5000);
            long resident = server.residentBytes();
            long heap = server.liveHeapBytes();
            open(server, clients, count);
            busy.awaitWrites(1000);
            long residentEach = (server.residentBytes() - resident) / (count - 200);
            long heapEach = (server.liveHeapBytes() - heap) / (count - 200);
            busy.stop();
            writing.get();
            assertThat(server.checkConservation().get("connections").asInt()).isGreaterThanOrEqualTo(count);
            System.out.println("HostileIT: idle connections=" + count + ", each resident=" + residentEach
                    + " bytes, of it live in the heap=" + heapEach + " bytes; " + busy);
            assertThat(residentEach).isLessThan(32 << 10);
            assertThat(heapEach).isLessThan(8 << 10);
            for (int i = 0; i < count; i += 100) {
                assertThat(clients.get(i).send(POST).answer().status()).isEqualTo(200);
            }
            closeAll(clients);
            while (server.checkConservation().get("connections").asInt() > 5) {
                LockSupport.parkNanos(20_000_000L);
            }
            assertServes(server);
        } finally {
            busy.stop();
            closeAll(clients);
        }
    }

    /** Writes over one connection, and knows how long the slowest answer took. */
    private static final class BusyClient {
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final AtomicInteger writes = new AtomicInteger();
        private final AtomicLong slowestNanos = new AtomicLong();

        void write(int port) throws IOException {
            try (RawClient client = RawClient.connect(port)) {
                while (!stopped.get()) {
                    long start = System.nanoTime();
                    assertThat(client.send(POST).answer().status()).isEqualTo(200);
                    slowestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
                    writes.incrementAndGet();
                }
            }
        }

        void awaitWrites(int more) {
            int wanted = writes.get() + more;
            while (writes.get() < wanted) {
                LockSupport.parkNanos(1_000_000L);
            }
        }

        void stop() {
            stopped.set(true);
        }

        @Override
        public String toString() {
            return "writes of another client meanwhile=" + writes + ", slowest answer=" + slowestNanos.get() / 1_000_000
                    + " ms";
        }
    }

    private static void open(ServerProcess server, List<RawClient> clients, int count) throws IOException {
        while (clients.size() < count) {
            RawClient client = RawClient.connect(server.port);
            clients.add(client);
            assertThat(client.send(Requests.get("/health")).answer().status()).isEqualTo(200);
        }
    }

    private static long openFiles() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getMaxFileDescriptorCount();
    }

    @Test
    void endsSlowClientsAndServesTheOthersMeanwhile() throws Exception {
        List<RawClient> heads = new ArrayList<>();
        List<RawClient> bodies = new ArrayList<>();
        String large = Requests.post(Requests.metrics(10_000));
        try (ServerProcess server = start(
                List.of(), "--rate-limit", "0", "--set", "http.header-timeout=2s", "--set", "http.body-timeout=2s")) {
            for (int i = 0; i < 400; i++) {
                heads.add(RawClient.connect(server.port).send("POST /metrics HTTP/1.1\r\nHost:"));
                bodies.add(RawClient.connect(server.port).send(large.substring(0, 120)));
            }
            try (RawClient other = RawClient.connect(server.port)) {
                for (int i = 0; i < 20; i++) {
                    assertThat(other.send(POST).answer().status()).isEqualTo(200);
                    assertThat(other.send(large).answer().status()).isEqualTo(200);
                }
            }
            for (RawClient client : heads) {
                assertTimedOut(client);
            }
            for (RawClient client : bodies) {
                assertTimedOut(client);
            }
            assertServes(server);
        } finally {
            closeAll(heads);
            closeAll(bodies);
        }
    }

    private static void assertTimedOut(RawClient client) throws IOException {
        assertThat(client.answer().status()).isEqualTo(408);
        assertThat(client.answer()).isNull();
    }

    @Test
    void survivesClientsThatGoAway() throws Exception {
        String large = Requests.post(Requests.metrics(5000));
        String chunked = Requests.chunked(Requests.metrics(5000), 1000);
        try (ServerProcess server = start(List.of(), "--rate-limit", "0")) {
            for (int i = 0; i < 100; i++) {
                // In the middle of a head, of a body, of a chunk; and of the answers, read or not.
                leave(server, POST.substring(0, 30));
                leave(server, large.substring(0, large.length() / 2));
                leave(server, POST + chunked.substring(0, chunked.length() / 2));
                leave(server, POST.repeat(50));
                leave(server, Requests.get("/metrics", "Accept: text/plain").repeat(20));
            }
            awaitNoBodies(server);
            assertServes(server);
        }
    }

    private static void leave(ServerProcess server, String sent) throws IOException {
        try (RawClient client = RawClient.connect(server.port)) {
            client.send(sent);
            client.reset();
        }
    }

    private static void awaitNoBodies(ServerProcess server) throws IOException {
        try (RawClient client = RawClient.connect(server.port)) {
            String scrape = Requests.get("/metrics", "Accept: text/plain");
            while (!client.send(scrape).answer().text().contains("\nmetricstream_body_memory_bytes 0.0\n")) {
                LockSupport.parkNanos(20_000_000L);
            }
        }
    }

    @Test
    void unpacksNoBomb() throws Exception {
        var gzipBytes = new ByteArrayOutputStream();
        String gzip = Requests.post(bomb(new GZIPOutputStream(gzipBytes), gzipBytes), "Content-Encoding: gzip");
        var zstdBytes = new ByteArrayOutputStream();
        String zstd =
                Requests.post(bomb(new ZstdOutputStreamNoFinalizer(zstdBytes), zstdBytes), "Content-Encoding: zstd");
        try (ServerProcess server = start(List.of(), "--rate-limit", "0");
                RawClient other = RawClient.connect(server.port)) {
            assertServes(server);
            long heapBefore = server.liveHeapBytes();
            long before = server.residentBytes();
            CompletableFuture<Void> bomber = Beside.run(() -> throwBombs(server, List.of(gzip, zstd)));
            int writes = 0;
            do {
                assertThat(other.send(POST).answer().status()).isEqualTo(200);
                writes++;
            } while (!bomber.isDone());
            bomber.get();
            long after = server.residentBytes();
            System.out.println("HostileIT: resident before bombs=" + (before >> 20) + " MiB, after=" + (after >> 20)
                    + " MiB, writes of another client meanwhile=" + writes);
            assertThat(server.liveHeapBytes() - heapBefore)
                    .as("what bombs leave behind, of a heap of 256 MiB")
                    .isLessThan(16 << 20);
        }
    }

    private static void throwBombs(ServerProcess server, List<String> bombs) throws IOException {
        try (RawClient client = RawClient.connect(server.port)) {
            for (int i = 0; i < 10; i++) {
                for (String bomb : bombs) {
                    HttpAnswer answer = client.send(bomb).answer();
                    assertThat(answer.status()).isEqualTo(413);
                    assertThat(answer.code()).isEqualTo("body_too_large");
                }
            }
        }
    }

    /** A quarter of a GiB of nothing, packed. */
    private static String bomb(OutputStream packed, ByteArrayOutputStream into) throws IOException {
        byte[] nothing = new byte[1 << 20];
        try (packed) {
            for (int i = 0; i < 256; i++) {
                packed.write(nothing);
            }
        }
        return Requests.latin1(into.toByteArray());
    }

    @Test
    void floodOfConnectionsTakesNoFileFromTheLog() throws Exception {
        List<RawClient> flood = new ArrayList<>();
        List<String> fewFiles = List.of("bash", "-c", "ulimit -n 450 && exec \"$@\"", "bash");
        try (ServerProcess server = start(
                        fewFiles,
                        "--rate-limit",
                        "0",
                        "--set",
                        "http.max-connections=100",
                        "--set",
                        "wal.segment=64KiB");
                RawClient early = RawClient.connect(server.port)) {
            for (int i = 0; i < 1500; i++) {
                flood.add(RawClient.connect(server.port));
                if (i % 10 == 0) {
                    // 4 KiB and more each, so that the log needs a new file now and then.
                    assertThat(early.send(Requests.post(Requests.metrics(300)))
                                    .answer()
                                    .status())
                            .isEqualTo(200);
                }
            }
            closeAll(flood);
            awaitRoom(server);
            assertThat(server.get("/ready").statusCode()).isEqualTo(200);
            assertThat(server.output()).doesNotContain("Too many open files");
        } finally {
            closeAll(flood);
        }
    }

    private static void awaitRoom(ServerProcess server) throws IOException {
        while (true) {
            try (RawClient client = RawClient.connect(server.port)) {
                // Refused without being read, it may be reset as well as answered.
                HttpAnswer answer = client.send(POST).answer();
                if (answer != null && answer.status() == 200) {
                    return;
                }
            } catch (java.net.SocketException reset) {
                // Not yet.
            }
            LockSupport.parkNanos(20_000_000L);
        }
    }
}
