package io.metricstream.promql.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.model.Labels;
import io.metricstream.model.MetricType;
import io.metricstream.select.SampleRuns;
import io.metricstream.select.SeriesCursor;
import io.metricstream.storage.StorageFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A cursor that is read ahead hands on the same as it would have without. */
final class AheadCursorTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    private final Random random = new Random(SEED);

    private static final class Run {
        private final long[] times;
        private final double[] values;
        private final boolean summarized;

        Run(long[] times, double[] values, boolean summarized) {
            this.times = times;
            this.values = values;
            this.summarized = summarized;
        }
    }

    private record Series(Labels labels, List<Run> runs) {}

    /** Series from a list; fails behind the last where that is wanted. */
    private static final class Listed implements SeriesCursor {
        private final List<Series> all;
        private final boolean fails;
        private int at = -1;
        private volatile boolean closed;

        Listed(List<Series> all, boolean fails) {
            this.all = all;
            this.fails = fails;
        }

        @Override
        public boolean next() throws StorageFailure {
            assertThat(closed).isFalse();
            at++;
            if (fails && at == all.size()) {
                throw new StorageFailure.Corrupt(Path.of("some.part"), 7, "made so");
            }
            return at < all.size();
        }

        @Override
        public byte[] key() {
            return Arrays.copyOf(name(), 100);
        }

        @Override
        public int keyLength() {
            return name().length;
        }

        private byte[] name() {
            return all.get(at).labels().get(Labels.NAME).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Labels labels() {
            return all.get(at).labels();
        }

        @Override
        public MetricType type() {
            return at % 2 == 0 ? MetricType.GAUGE : MetricType.COUNTER;
        }

        @Override
        public SampleRuns samples() {
            return new ListedRuns(all.get(at).runs());
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Its arrays are used again for the next run, as those of parts are. */
    private static final class ListedRuns implements SampleRuns {
        private final List<Run> all;
        private final long[] times;
        private final double[] values;
        private int at = -1;

        ListedRuns(List<Run> all) {
            this.all = all;
            int longest = all.stream().mapToInt(run -> run.times.length).max().orElse(0);
            times = new long[longest];
            values = new double[longest];
        }

        @Override
        public boolean next() {
            at++;
            Arrays.fill(times, -1);
            if (at < all.size()) {
                System.arraycopy(run().times, 0, times, 0, count());
                System.arraycopy(run().values, 0, values, 0, count());
            }
            return at < all.size();
        }

        private Run run() {
            return all.get(at);
        }

        @Override
        public int count() {
            return run().times.length;
        }

        @Override
        public long firstMillis() {
            return run().times[0];
        }

        @Override
        public long lastMillis() {
            return run().times[count() - 1];
        }

        @Override
        public boolean isSummarized() {
            return run().summarized;
        }

        @Override
        public double min() {
            return Arrays.stream(run().values).min().orElseThrow();
        }

        @Override
        public double max() {
            return Arrays.stream(run().values).max().orElseThrow();
        }

        @Override
        public double sum() {
            return Arrays.stream(run().values).sum();
        }

        @Override
        public boolean isSumExact() {
            return false;
        }

        @Override
        public long[] timestampsMillis() {
            return times;
        }

        @Override
        public double[] values() {
            return values;
        }
    }

    private List<Series> series(int count) {
        var all = new ArrayList<Series>();
        for (int i = 0; i < count; i++) {
            var runs = new ArrayList<Run>();
            long time = 0;
            for (int left = 1 + random.nextInt(4); left > 0; left--) {
                int samples = random.nextInt(10) == 0 ? 1 + random.nextInt(9_000) : 1 + random.nextInt(300);
                var times = new long[samples];
                var values = new double[samples];
                for (int j = 0; j < samples; j++) {
                    time += 1 + random.nextInt(1000);
                    times[j] = time;
                    values[j] = random.nextInt(1000);
                }
                runs.add(new Run(times, values, random.nextBoolean()));
            }
            all.add(new Series(Labels.of(Labels.NAME, "m" + i), runs));
        }
        return all;
    }

    private static List<String> told(SeriesCursor cursor) throws StorageFailure {
        return told(cursor, true, 0);
    }

    /** Reads everything, or passes over the samples of some series, and tells what it saw. */
    private static List<String> told(SeriesCursor cursor, boolean whole, long choiceSeed) throws StorageFailure {
        var choice = new Random(choiceSeed);
        var told = new ArrayList<String>();
        while (cursor.next()) {
            String name = new String(cursor.key(), 0, cursor.keyLength(), StandardCharsets.UTF_8);
            told.add(name + cursor.labels() + cursor.type());
            if (!whole && choice.nextInt(5) == 0) {
                continue;
            }
            SampleRuns runs = cursor.samples();
            while (runs.next()) {
                long[] times = runs.timestampsMillis();
                double[] values = runs.values();
                assertThat(runs.firstMillis()).isEqualTo(times[0]);
                assertThat(runs.lastMillis()).isEqualTo(times[runs.count() - 1]);
                if (runs.isSummarized()) {
                    var own = Arrays.stream(values, 0, runs.count()).summaryStatistics();
                    assertThat(List.of(runs.min(), runs.max(), runs.sum()))
                            .containsExactly(own.getMin(), own.getMax(), own.getSum());
                }
                for (int i = 0; i < runs.count(); i++) {
                    told.add(times[i] + "=" + values[i]);
                }
            }
        }
        return told;
    }

    @Test
    void handsOnTheSameWhetherReadAheadOrNot() throws Exception {
        System.out.println("AheadCursorTest: seed=" + SEED);
        var threads = new ReadAhead(1);
        for (int round = 0; round < 30; round++) {
            List<Series> all = series(random.nextInt(150));
            boolean whole = round % 2 == 0;
            long choiceSeed = random.nextLong();
            var inner = new Listed(all, false);
            List<String> ahead;
            try (SeriesCursor cursor = threads.around(inner)) {
                ahead = told(cursor, whole, choiceSeed);
            }
            assertThat(inner.closed).isTrue();
            assertThat(ahead).as("round=" + round).isEqualTo(told(new Listed(all, false), whole, choiceSeed));
        }
    }

    @Test
    void isReadByAnotherThread() throws Exception {
        var readers = new ArrayList<Thread>();
        List<Series> all = series(200);
        var threads = new ReadAhead(1);
        var watched = new Watched(new Listed(all, false), readers);
        try (SeriesCursor cursor = threads.around(watched)) {
            assertThat(told(cursor)).isNotEmpty();
        }
        assertThat(readers).contains(Thread.currentThread()).anyMatch(t -> t.getName()
                .startsWith("query-reader"));
    }

    /** Notes which threads read. */
    private static final class Watched implements SeriesCursor {
        private final SeriesCursor inner;
        private final List<Thread> readers;

        Watched(SeriesCursor inner, List<Thread> readers) {
            this.inner = inner;
            this.readers = readers;
        }

        @Override
        public boolean next() throws StorageFailure {
            readers.add(Thread.currentThread());
            return inner.next();
        }

        @Override
        public byte[] key() {
            return inner.key();
        }

        @Override
        public int keyLength() {
            return inner.keyLength();
        }

        @Override
        public Labels labels() {
            return inner.labels();
        }

        @Override
        public MetricType type() {
            return inner.type();
        }

        @Override
        public SampleRuns samples() throws StorageFailure {
            return inner.samples();
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    @Test
    void readsItselfWhereNoThreadIsFree() throws Exception {
        List<Series> all = series(100);
        List<String> plain = told(new Listed(all, false));
        var busy = new ReadAhead(1);
        var leave = new CountDownLatch(1);
        assertThat(busy.tryStart(() -> await(leave))).isTrue();
        for (ReadAhead threads : List.of(busy, new ReadAhead(0))) {
            var readers = new ArrayList<Thread>();
            try (SeriesCursor cursor = threads.around(new Watched(new Listed(all, false), readers))) {
                assertThat(told(cursor)).isEqualTo(plain);
            }
            assertThat(readers).containsOnly(Thread.currentThread());
        }
        leave.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void failsAsTheOtherCursorFailsBehindAllThatCameBefore() throws Exception {
        var threads = new ReadAhead(1);
        List<Series> all = series(120);
        try (SeriesCursor cursor = threads.around(new Listed(all, true))) {
            for (Series series : all) {
                assertThat(cursor.next()).isTrue();
                assertThat(cursor.labels()).isEqualTo(series.labels());
            }
            assertThatThrownBy(cursor::next)
                    .isInstanceOf(StorageFailure.Corrupt.class)
                    .hasMessageContaining("some.part");
        }
    }

    @Test
    void mayBeClosedAtAnyMoment() throws Exception {
        var threads = new ReadAhead(1);
        for (int round = 0; round < 200; round++) {
            var inner = new Listed(series(60 + random.nextInt(40)), random.nextBoolean());
            try (SeriesCursor cursor = threads.around(inner)) {
                for (int left = random.nextInt(60); left > 0; left--) {
                    assertThat(cursor.next()).isTrue();
                    if (random.nextBoolean()) {
                        assertThat(cursor.samples().next()).isTrue();
                    }
                }
            }
            // The other thread has left the cursor alone before it was closed, or it would have failed there.
            assertThat(inner.closed).isTrue();
        }
    }

    /** As a series is that has all its samples in memory. */
    @Test
    void mayBeClosedInARunThatIsLongerThanAllBatches() throws Exception {
        List<Series> all = series(31);
        var times = new long[1_000_000];
        Arrays.setAll(times, i -> i);
        all.add(new Series(Labels.of(Labels.NAME, "long"), List.of(new Run(times, new double[times.length], false))));
        SeriesCursor cursor = new ReadAhead(1).around(new Listed(all, false));
        while (cursor.next()) {
            if (cursor.labels().get(Labels.NAME).equals("long")) {
                assertThat(cursor.samples().next()).isTrue();
                break;
            }
        }
        var closing = new Thread(cursor::close);
        closing.setDaemon(true);
        closing.start();
        closing.join(10_000);
        assertThat(closing.isAlive()).isFalse();
    }
}
