package io.metricstream.parse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes bodies as clients send them, over and over with other numbers, and damages them. */
final class BodyMaker {
    private static final List<String> NAMES =
            List.of("a", "cpu", "mem_used", "é", "x\\\"y", "value", "timestamp", "\\u0061");
    private static final List<String> VALUES =
            List.of("b", "host_1", "", "timestamp", "value\\\":1", "{", "}]", "\\\\", "ü", "\\n");
    private static final List<String> ODD_NUMBERS = List.of(
            "-0",
            "0",
            "00",
            "01",
            "-",
            "1.",
            ".5",
            "1e",
            "1e5",
            "1E-7",
            "1e999",
            "-1e309",
            "1e-400",
            "9007199254740993",
            "123456789012345678901234567890",
            "0.30000000000000004",
            "null",
            "true",
            "\"1\"",
            "NaN",
            "1e+",
            "1 2",
            "+1",
            "1763900000000.0",
            "-9223372036854775808",
            "9223372036854775807",
            "9223372036854775808",
            "999999999999999999",
            "1000000000000000000",
            "[1]",
            "{\"value\":2}",
            "2.2250738585072011e-308");
    private static final String BYTES = "{}[]\",:\\ \t\r\n-+0123456789.eE/xu\u0000\u007f\u0080\u00c3\u00ff";

    private final Random random;
    private final String[] objects;
    private final String colon;
    private final String comma;

    BodyMaker(Random random) {
        this.random = random;
        colon = random.nextInt(3) == 0 ? " : " : ":";
        comma = random.nextInt(3) == 0 ? (random.nextInt(4) == 0 ? ",\n " : ", ") : ",";
        objects = new String[1 + random.nextInt(20)];
        for (int i = 0; i < objects.length; i++) {
            objects[i] = object();
        }
    }

    byte[] body(BodyFormat format) {
        int count = random.nextInt(10) == 0 ? random.nextInt(45) : 1 + random.nextInt(12);
        int from = random.nextInt(objects.length);
        boolean shuffled = random.nextInt(5) == 0;
        long time = Probe.NOW - random.nextInt(1000);
        StringBuilder body = new StringBuilder(format == BodyFormat.JSON ? "{\"metrics\"" + colon + "[" : "");
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                body.append(format == BodyFormat.JSON ? comma : random.nextInt(9) == 0 ? " \r\n" : "\n");
            }
            int which = shuffled ? random.nextInt(objects.length) : (from + i) % objects.length;
            body.append(objects[which].replace("#V", value()).replace("#T", time(time)));
        }
        if (format == BodyFormat.JSON) {
            body.append(random.nextInt(20) == 0 ? "],\"x\":1}" : "]}");
        }
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Damages a body at a few places, sometimes with parts of another. */
    byte[] mutate(byte[] body, byte[] other) {
        byte[] damaged = body.clone();
        for (int k = 1 + random.nextInt(random.nextInt(4) == 0 ? 5 : 1); k > 0 && damaged.length > 0; k--) {
            int at = random.nextInt(damaged.length);
            damaged = switch (random.nextInt(8)) {
                case 0 -> splice(damaged, at, at + 1, new byte[] {(byte) BYTES.charAt(random.nextInt(BYTES.length()))});
                case 1 -> splice(damaged, at, at, new byte[] {(byte) BYTES.charAt(random.nextInt(BYTES.length()))});
                case 2 -> splice(damaged, at, Math.min(damaged.length, at + 1 + random.nextInt(9)), new byte[0]);
                case 3 -> Arrays.copyOf(damaged, at);
                case 4 -> splice(damaged, at, at + 1, new byte[] {(byte) (damaged[at] ^ 1 << random.nextInt(8))});
                case 5 -> number(damaged, at);
                case 6 -> splice(damaged, at, at, slice(other));
                default -> splice(damaged, at, Math.min(damaged.length, at + random.nextInt(60)), slice(damaged));
            };
        }
        return damaged;
    }

    private String object() {
        StringBuilder tags = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            tags.append(tags.length() == 0 ? "" : comma)
                    .append('"')
                    .append(pick(NAMES))
                    .append('"')
                    .append(colon);
            tags.append('"').append(pick(VALUES)).append('"');
        }
        String[] fields = {
            "\"name\"" + colon + "\"" + pick(NAMES) + "\"",
            "\"value\"" + colon + "#V",
            random.nextInt(3) == 0 ? null : "\"timestamp\"" + colon + "#T",
            random.nextInt(3) == 0 ? null : "\"tags\"" + colon + "{" + tags + "}",
            random.nextInt(3) == 0 ? null : "\"type\"" + colon + "\"counter\"",
            random.nextInt(5) != 0 ? null : "\"extra\"" + colon + pick(ODD_NUMBERS),
            random.nextInt(9) != 0
                    ? null
                    : "\"" + pick(List.of("value", "timestamp", "val\\u0075e", "tags", "name")) + "\"" + colon
                            + pick(ODD_NUMBERS),
        };
        if (random.nextInt(3) == 0) {
            java.util.Collections.shuffle(Arrays.asList(fields), random);
        }
        StringBuilder object = new StringBuilder("{");
        for (String field : fields) {
            if (field != null) {
                object.append(object.length() == 1 ? "" : comma).append(field);
            }
        }
        return object.append(random.nextInt(4) == 0 ? " }" : "}").toString();
    }

    private String value() {
        return switch (random.nextInt(12)) {
            case 0 -> pick(ODD_NUMBERS);
            case 1, 2, 3 -> Double.toString(random.nextGaussian() * 50);
            case 4, 5 -> Integer.toString(random.nextInt(1_000_000));
            default -> random.nextInt(1000) / 10.0 + "";
        };
    }

    private String time(long usual) {
        return switch (random.nextInt(30)) {
            case 0 -> pick(ODD_NUMBERS);
            case 1 -> "" + (Probe.NOW - 30L * 24 * 3600 * 1000 - random.nextInt(2));
            case 2 -> "" + (Probe.NOW + 600_000 + random.nextInt(2));
            case 3 -> "\"2025-11-23T12:13:20Z\"";
            case 4 -> usual + "0";
            default -> "" + usual;
        };
    }

    /** Puts an odd number in place of the digits around a place. */
    private byte[] number(byte[] body, int at) {
        int from = at;
        while (from < body.length && !(body[from] >= '0' && body[from] <= '9')) {
            from++;
        }
        int to = from;
        while (to < body.length && ((body[to] >= '0' && body[to] <= '9') || body[to] == '.')) {
            to++;
        }
        return splice(body, from, to, pick(ODD_NUMBERS).getBytes(StandardCharsets.UTF_8));
    }

    private byte[] slice(byte[] of) {
        int from = random.nextInt(of.length + 1);
        return Arrays.copyOfRange(of, from, Math.min(of.length, from + random.nextInt(80)));
    }

    private static byte[] splice(byte[] body, int from, int to, byte[] between) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(body, 0, from);
        out.writeBytes(between);
        out.write(body, to, body.length - to);
        return out.toByteArray();
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
