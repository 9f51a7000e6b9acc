package io.metricstream.storage.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Pages against the samples that were put into them, over every kind of column. */
final class BlockPageTest {
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Block(long[] times, double[] values) {
        int count() {
            return times.length;
        }
    }

    /** A page as it lies in a file. */
    private static byte[] page(BlockPageWriter writer, List<Block> blocks) {
        for (Block block : blocks) {
            writer.add(block.times, block.values, block.count());
        }
        var page = new PackedOutput();
        writer.finish(page);
        return Arrays.copyOf(page.bytes(), page.length());
    }

    private static byte[] page(List<Block> blocks) {
        try (BlockPageWriter writer = new BlockPageWriter()) {
            return page(writer, blocks);
        }
    }

    private static void open(BlockPageReader reader, byte[] page) throws BlockFormatException {
        reader.open(Arrays.copyOf(page, page.length + BlockPageReader.SLACK_BYTES), 0, page.length);
    }

    private static List<Block> randomBlocks(Random random) {
        var blocks = new ArrayList<Block>();
        for (int n = 1 + random.nextInt(40); n > 0; n--) {
            int count = random.nextInt(4) == 0
                    ? 1 + random.nextInt(4)
                    : random.nextInt(20) == 0 ? BlockPageWriter.MAX_BLOCK_SAMPLES : 1 + random.nextInt(400);
            long[] times = !blocks.isEmpty() && random.nextBoolean()
                    ? blocks.get(random.nextInt(blocks.size())).times
                    : Columns.times(random, count);
            blocks.add(new Block(times, Columns.values(random, times.length)));
        }
        return blocks;
    }

    private static void check(BlockPageReader reader, int block, Block wanted) throws BlockFormatException {
        int count = wanted.count();
        assertThat(reader.count(block)).isEqualTo(count);
        assertThat(reader.firstMillis(block)).isEqualTo(wanted.times[0]);
        assertThat(reader.lastMillis(block)).isEqualTo(wanted.times[count - 1]);
        assertThat(Arrays.copyOf(reader.timestampsMillis(block), count)).isEqualTo(wanted.times);
        double[] values = reader.values(block);
        assertThat(bits(values, count)).isEqualTo(bits(wanted.values, count));
        if (reader.isSummarized(block)) {
            double[] found = Arrays.copyOf(values, count);
            double sizes = Arrays.stream(found).map(Math::abs).sum();
            assertThat(reader.min(block)).isEqualTo(Arrays.stream(found).min().getAsDouble());
            assertThat(reader.max(block)).isEqualTo(Arrays.stream(found).max().getAsDouble());
            boolean exact = sizes <= 1L << 53 && Arrays.stream(found).allMatch(value -> value == Math.rint(value));
            if (reader.isSumExact(block)) {
                assertThat(exact).isTrue();
                assertThat(reader.sum(block)).isEqualTo(Arrays.stream(found).sum());
            } else if (Double.isFinite(sizes)) {
                assertThat(reader.sum(block)).isCloseTo(Arrays.stream(found).sum(), within(sizes * 1e-12));
            }
        }
    }

    private static long[] bits(double[] values, int count) {
        return Arrays.stream(values, 0, count)
                .mapToLong(Double::doubleToRawLongBits)
                .toArray();
    }

    private static void checkAll(List<Block> blocks, byte[] page) throws BlockFormatException {
        try (Unsqueezer unsqueezer = new Unsqueezer()) {
            var reader = new BlockPageReader(unsqueezer);
            open(reader, page);
            assertThat(reader.blocks()).isEqualTo(blocks.size());
            for (int i = 0; i < blocks.size(); i++) {
                check(reader, i, blocks.get(i));
            }
        }
    }

    @Property(tries = 2000)
    void everyKindOfColumnComesBackToTheBit(
            @ForAll @IntRange(max = Columns.VALUE_KINDS - 1) int valueKind,
            @ForAll @IntRange(max = Columns.TIME_KINDS - 1) int timeKind,
            @ForAll @IntRange(min = 1, max = 700) int count,
            @ForAll long seed)
            throws BlockFormatException {
        var random = new Random(seed);
        var block = new Block(Columns.times(random, count, timeKind), Columns.values(random, count, valueKind));
        checkAll(List.of(block), page(List.of(block)));
    }

    @Property
    void anyBitsAtAnyTimesComeBack(
            @ForAll @Size(min = 1, max = 60) List<Long> bits, @ForAll long first, @ForAll boolean spread)
            throws BlockFormatException {
        double[] values = bits.stream().mapToDouble(Double::longBitsToDouble).toArray();
        long[] times = bits.stream().mapToLong(Long::longValue).sorted().toArray();
        for (int i = 0; i < times.length && !spread; i++) {
            times[i] = first + i;
        }
        var block = new Block(times, values);
        checkAll(List.of(block), page(List.of(block)));
    }

    @Property
    void anyDoublesComeBack(@ForAll @Size(min = 1, max = 200) double[] values) throws BlockFormatException {
        long[] times = new long[values.length];
        Arrays.setAll(times, i -> 15_000L * i);
        checkAll(List.of(new Block(times, values)), page(List.of(new Block(times, values))));
    }

    @Property
    void blocksOfAPageAreReadInAnyOrder(@ForAll long seed) throws BlockFormatException {
        var random = new Random(seed);
        try (BlockPageWriter writer = new BlockPageWriter();
                Unsqueezer unsqueezer = new Unsqueezer()) {
            var reader = new BlockPageReader(unsqueezer);
            for (int pages = 0; pages < 3; pages++) {
                List<Block> blocks = randomBlocks(random);
                open(reader, page(writer, blocks));
                assertThat(reader.blocks()).isEqualTo(blocks.size());
                for (int i = 0; i < blocks.size(); i++) {
                    int any = random.nextInt(blocks.size());
                    check(reader, any, blocks.get(any));
                    check(reader, i, blocks.get(i));
                }
            }
        }
    }

    /** What a checksum would refuse anyway must not do harm when it gets through. */
    @Property
    void damagedPagesAreRefusedOrReadAndNothingElse(@ForAll long seed) {
        var random = new Random(seed);
        byte[] page = page(randomBlocks(random));
        try (Unsqueezer unsqueezer = new Unsqueezer()) {
            var reader = new BlockPageReader(unsqueezer);
            byte[] plain = withPlainDirectory(page);
            for (int n = 0; n < 20; n++) {
                readAll(reader, damaged(page, page.length, random));
                readAll(reader, damaged(plain, Math.min(plain.length, 2000), random));
            }
        }
    }

    @Property(tries = 3000)
    void bytesThatAreNoPageAreRefusedOrRead(@ForAll @Size(max = 200) byte[] bytes) {
        try (Unsqueezer unsqueezer = new Unsqueezer()) {
            var reader = new BlockPageReader(unsqueezer);
            readAll(reader, bytes);
        }
    }

    private static byte[] damaged(byte[] page, int within, Random random) {
        byte[] bytes = page.clone();
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
            int at = random.nextInt(within);
            bytes[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (bytes[at] ^ 1 << random.nextInt(8));
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    /** The same page with its directory not squeezed, so that damage to it is not noticed by unsqueezing. */
    private static byte[] withPlainDirectory(byte[] page) {
        try (Unsqueezer unsqueezer = new Unsqueezer()) {
            PackedInput in = new PackedInput().reset(page, 0, page.length);
            int plainLength = (int) in.varint();
            int stored = (int) in.varint();
            byte[] plain = new byte[plainLength];
            unsqueezer.unsqueeze(page, in.take(stored), stored, plain, plainLength);
            var out = new PackedOutput();
            out.varint(plainLength);
            out.varint(plainLength);
            out.bytes(plain, 0, plainLength);
            out.bytes(page, in.position(), in.remaining());
            return Arrays.copyOf(out.bytes(), out.length());
        } catch (BlockFormatException e) {
            throw new AssertionError(e);
        }
    }

    /** Whatever is read, it is memory of a bounded size; any other exception fails the test. */
    private static void readAll(BlockPageReader reader, byte[] page) {
        try {
            open(reader, page);
            for (int block = 0; block < reader.blocks(); block++) {
                assertThat(reader.timestampsMillis(block).length).isBetween(1, BlockPageWriter.MAX_BLOCK_SAMPLES);
                assertThat(reader.values(block).length).isBetween(1, BlockPageWriter.MAX_BLOCK_SAMPLES);
            }
        } catch (BlockFormatException expected) {
            assertThat(expected.getMessage()).isNotBlank();
        }
    }

    @Example
    void summarizesWhatIsFiniteAndLong() throws BlockFormatException {
        long[] times = new long[500];
        double[] decimals = new double[500];
        double[] noise = new double[500];
        double[] marked = new double[500];
        double[] whole = new double[500];
        double[] large = new double[500];
        var random = new Random(1);
        for (int i = 0; i < 500; i++) {
            times[i] = i;
            decimals[i] = random.nextInt(1000) / 10.0;
            noise[i] = random.nextDouble();
            marked[i] = i == 250 ? Double.NaN : i % 7;
            whole[i] = random.nextInt(2001) - 1000;
            large[i] = (1L << 45) + i;
        }
        var blocks = List.of(
                new Block(times, decimals),
                new Block(times, noise),
                new Block(times, marked),
                new Block(Arrays.copyOf(times, 10), Arrays.copyOf(decimals, 10)),
                new Block(times, whole),
                new Block(times, large));
        byte[] page = page(blocks);
        checkAll(blocks, page);
        try (Unsqueezer unsqueezer = new Unsqueezer()) {
            var reader = new BlockPageReader(unsqueezer);
            open(reader, page);
            assertThat(reader.isSummarized(0)).isTrue();
            assertThat(reader.isSummarized(1)).isTrue();
            assertThat(reader.isSummarized(2)).isFalse();
            assertThat(reader.isSummarized(3)).isFalse();
            assertThat(reader.isSumExact(0)).isFalse();
            assertThat(reader.isSumExact(1)).isFalse();
            assertThat(reader.isSumExact(4)).isTrue();
            assertThat(reader.isSumExact(5)).isFalse();
        }
    }

    @Example
    void timesOfSeveralSeriesAreStoredOnce() {
        var random = new Random(1);
        long[] times = new long[300];
        for (int i = 0; i < 300; i++) {
            times[i] = 10_000L * i + random.nextInt(1000);
        }
        var block = new Block(times, new double[300]);
        int one = page(List.of(block)).length;
        var fifty = new ArrayList<Block>();
        for (int i = 0; i < 50; i++) {
            fifty.add(block);
        }
        assertThat(page(fifty).length).isLessThan(one + 50);
    }

    @Example
    void whatIsRegularTakesNextToNothing() {
        long[] times = new long[2048];
        double[] counter = new double[2048];
        for (int i = 0; i < times.length; i++) {
            times[i] = 15_000L * i;
            counter[i] = 7 * i + 1e6;
        }
        var hundred = new ArrayList<Block>();
        for (int i = 0; i < 100; i++) {
            hundred.add(new Block(times, counter));
        }
        assertThat(page(hundred).length).isLessThan(200);
    }

    @Example
    void noiseTakesNoMoreThanItsBits() {
        var random = new Random(1);
        long[] times = new long[2048];
        Arrays.setAll(times, i -> 15_000L * i);
        double[] noise =
                random.longs(2048).mapToDouble(Double::longBitsToDouble).toArray();
        assertThat(page(List.of(new Block(times, noise))).length).isLessThan(2048 * 8 + 64);
    }
}
