package io.metricstream.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/** A page of docs/format with its tables, so that tests can hold them against bytes. */
public record FormatPage(String name, ByteOrder order) {
    /** Where a field lies, and how long it is; -1 where that is not fixed. */
    public record Field(int offset, int bytes) {
        public int end() {
            return offset + bytes;
        }
    }

    /** The file of this name that was written once and is never written again. */
    public static byte[] golden(String name) throws IOException {
        try (InputStream in = FormatPage.class.getResourceAsStream("/format/" + name)) {
            return in.readAllBytes();
        }
    }

    /** The fields of the first table below this heading that have a number for an offset, by name. */
    public Map<String, Field> table(String heading) throws IOException {
        var fields = new LinkedHashMap<String, Field>();
        boolean here = false;
        for (String line : Files.readAllLines(Path.of("..", "docs", "format", name))) {
            if (line.startsWith("#")) {
                here = line.equals(heading);
            }
            String[] cells = line.split("\\|", -1);
            if (here && cells.length == 6 && cells[1].strip().matches("\\d+")) {
                String bytes = cells[2].strip();
                fields.putIfAbsent(
                        cells[3].strip(),
                        new Field(
                                Integer.parseInt(cells[1].strip()),
                                bytes.matches("\\d+") ? Integer.parseInt(bytes) : -1));
            }
        }
        assertThat(fields).as(heading).isNotEmpty();
        return fields;
    }

    /** The number in a field of up to 8 bytes; shorter ones have no sign. */
    public long number(byte[] bytes, int base, Field field) {
        long number = 0;
        for (int i = 0; i < field.bytes(); i++) {
            int at = order == ByteOrder.BIG_ENDIAN ? i : field.bytes() - 1 - i;
            number = number << Byte.SIZE | Byte.toUnsignedLong(bytes[base + field.offset() + at]);
        }
        return number;
    }

    public static String text(byte[] bytes, int base, Field field) {
        return new String(bytes, base + field.offset(), field.bytes(), StandardCharsets.UTF_8);
    }

    public static long crc(byte[] bytes, int from, int to) {
        var crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return crc.getValue();
    }
}
