package io.metricstream.load;

import io.metricstream.model.EpochClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One part of a fleet, and the bodies in which its hosts report: host after host, each with all its metrics, again and
 * again. All texts are encoded once; for a sample only its value and its time are new.
 *
 * <p>A host's names, tags and values follow from the seed and its number alone, whatever part it is in. Its times are
 * those of the clock, and one millisecond later than the last where it reports more often than that, so that no series
 * has a time twice; a fleet too small for its rate runs ahead of the clock by {@value #MOST_AHEAD_MILLIS} ms at most, and
 * then does repeat times.
 *
 * <p>Thread: one event loop. Owns: the array of {@link #bytes}. Limits: about 250 bytes a host, and the longest body.
 */
@OwnedBy(Role.EVENT_LOOP)
final class Fleet {
    static final int MOST_AHEAD_MILLIS = 300_000;

    private static final byte[] OPEN = ascii("{\"metrics\":[");
    private static final byte[] TIMESTAMP = ascii("},\"timestamp\":");
    private static final byte[] CLOSE = ascii("]}");
    private static final String[] REGIONS = {"us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-south-1"};
    private static final String[] SERVICES = {
        "checkout", "search", "catalog", "payments", "sessions", "ingest", "mail", "reports", "gateway", "profiles"
    };
    private static final int ZONES = 3;

    private final EpochClock clock;
    private final int hosts;
    private final byte[][] beforeValue = new byte[FleetMetric.ALL.size()][];
    private final byte[][] behindValue = new byte[FleetMetric.ALL.size()][];
    private final Signal[] signals = new Signal[FleetMetric.ALL.size()];
    private final byte[][] hostTags;
    private final long[] randoms;
    private final long[] values;
    private final long[] lastMillis;
    private final int longestSampleBytes;

    /** What reports next. */
    private int host;

    private int metric;
    private byte[] body = new byte[0];

    /** Takes every host whose number modulo {@code parts} is {@code part}. */
    Fleet(FleetPlan plan, int part, int parts, EpochClock clock) {
        this.clock = clock;
        int longestMetric = 0;
        for (int m = 0; m < signals.length; m++) {
            FleetMetric of = FleetMetric.ALL.get(m);
            signals[m] = of.signal();
            beforeValue[m] = ascii("{\"name\":\"" + of.name() + "\",\"value\":");
            behindValue[m] = ascii(",\"type\":\"" + of.type() + "\",\"tags\":{" + of.tags());
            longestMetric = Math.max(longestMetric, beforeValue[m].length + behindValue[m].length);
        }
        hosts = (plan.hosts() - part + parts - 1) / parts;
        hostTags = new byte[hosts][];
        randoms = new long[hosts];
        values = new long[hosts * signals.length];
        lastMillis = new long[hosts];
        int longestTags = 0;
        for (int h = 0; h < hosts; h++) {
            makeHost(h, part + h * parts, plan.seed());
            longestTags = Math.max(longestTags, hostTags[h].length);
        }
        longestSampleBytes = longestMetric + longestTags + TIMESTAMP.length + 2 * JsonDigits.MOST_BYTES + 2;
    }

    private void makeHost(int h, int number, long seed) {
        long random = Randoms.bits(Randoms.bits(seed) + number);
        random = Randoms.advance(random);
        long bits = Randoms.bits(random);
        String region = REGIONS[(int) Randoms.below(bits, REGIONS.length)];
        String service = SERVICES[(int) Randoms.below(bits >>> 32, SERVICES.length)];
        hostTags[h] = ascii(String.format(
                Locale.ROOT,
                "\"host\":\"host-%05d\",\"region\":\"%s\",\"zone\":\"%s%c\",\"service\":\"%s\"",
                number,
                region,
                region,
                'a' + (int) ((bits >>> 16) & 0xff) % ZONES,
                service));
        for (int m = 0; m < signals.length; m++) {
            random = Randoms.advance(random);
            values[h * signals.length + m] = signals[m].first(Randoms.bits(random));
        }
        randoms[h] = random;
    }

    /** Writes the next samples as one body and returns its length; it stands in {@link #bytes} until the next call. */
    int write(int samples) {
        int most = OPEN.length + CLOSE.length + samples * (longestSampleBytes + 1);
        if (body.length < most) {
            body = new byte[most];
        }
        long nowMillis = clock.millis();
        int at = put(OPEN, 0);
        for (int i = 0; i < samples; i++) {
            if (i > 0) {
                body[at++] = ',';
            }
            if (metric == 0) {
                lastMillis[host] = Math.min(Math.max(nowMillis, lastMillis[host] + 1), nowMillis + MOST_AHEAD_MILLIS);
            }
            at = writeSample(at);
            metric++;
            if (metric == signals.length) {
                metric = 0;
                host = host + 1 == hosts ? 0 : host + 1;
            }
        }
        return put(CLOSE, at);
    }

    byte[] bytes() {
        return body;
    }

    private int writeSample(int start) {
        Signal signal = signals[metric];
        int slot = host * signals.length + metric;
        long random = Randoms.advance(randoms[host]);
        long value = signal.next(values[slot], Randoms.bits(random));
        randoms[host] = random;
        values[slot] = value;
        int at = put(beforeValue[metric], start);
        at = JsonDigits.putDecimal(body, at, value * signal.unit(), signal.decimals());
        at = put(behindValue[metric], at);
        at = put(hostTags[host], at);
        at = put(TIMESTAMP, at);
        at = JsonDigits.put(body, at, lastMillis[host]);
        body[at] = '}';
        return at + 1;
    }

    private int put(byte[] text, int at) {
        System.arraycopy(text, 0, body, at, text.length);
        return at + text.length;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
