package io.metricstream.feed;

import static io.metricstream.feed.Lines.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class JsonAndCsvReaderTest {
    private static final String HEADER = "timestamp,name,value,type,tags\n";

    private static List<String> json(String text) throws Exception {
        return Lines.read(new JsonLineReader(NOW), text);
    }

    private static void refusesJson(String line, String message) {
        Lines.refuses(new JsonLineReader(NOW), line, message);
    }

    private static List<String> csv(String text) throws Exception {
        return Lines.read(new CsvLineReader(), HEADER + text);
    }

    private static void refusesCsv(String line, String message) {
        LineReader reader = new CsvLineReader();
        reader.pass(HEADER);
        Lines.refuses(reader, line, message);
    }

    @Test
    void readsSamplesAsExported() throws Exception {
        assertThat(json("""
                {"timestamp":"2025-09-17T13:45:23.123Z","name":"cpu","value":75.5,"type":"counter","tags":{"a":"b","é":"\\n"}}
                {"timestamp":"+010000-01-01T00:00:00.001Z","name":"cpu","value":-0,"type":"gauge","tags":{}}
                {"timestamp":"-000001-01-01T00:00:00.000Z","name":"cpu","value":"NaN"}
                {"timestamp":1758116723123,"name":"cpu","value":"+Inf","x":{"name":["y"]},"tags":null,"type":null}
                {"name":"cpu","value":1e400}""".replace("1e400", "1e300")))
                .containsExactly(
                        "cpu{a=b, é=\n} counter 75.5@1758116723123",
                        "cpu{} gauge -0.0@253402300800001",
                        "cpu{} gauge NaN:7ff8000000000001@-62198755200000",
                        "cpu{} gauge Infinity@1758116723123",
                        "cpu{} gauge 1.0E300@now");
    }

    @Test
    void readsSeriesLines() throws Exception {
        assertThat(json("""
                {"metric":{"__name__":"up","job":"a"},"values":[1,null,"-Infinity"],"timestamps":[1,2,-3]}
                {"timestamps":[5],"type":"summary","values":[2],"metric":{"__name__":"n"}}"""))
                .containsExactly(
                        "up{job=a} gauge 1.0@1",
                        "up{job=a} gauge NaN:7ff0000000000002@2",
                        "up{job=a} gauge -Infinity@-3",
                        "n{} summary 2.0@5");
    }

    @Test
    void refusesWhatIsNoSampleInJson() {
        refusesJson("", "the line: found nothing, wanted an object");
        refusesJson("5", "the line: found a number, wanted an object");
        refusesJson("nonsense", "not JSON: ");
        refusesJson("{\"name\":\"a\",\"value\":1", "not JSON: ");
        refusesJson("{\"name\":\"a\",\"value\":1} {}", "found more behind the end of the object");
        refusesJson("{\"name\":\"a\",\"name\":\"b\",\"value\":1}", "not JSON: Duplicate");
        refusesJson("{\"value\":1}", "name: found nothing");
        refusesJson("{\"name\":5,\"value\":1}", "name: found a number, wanted a string");
        refusesJson("{\"name\":\"\",\"value\":1}", "name: found nothing");
        refusesJson("{\"name\":\"a\"}", "value: found nothing, wanted a number");
        refusesJson("{\"name\":\"a\",\"value\":\"1\"}", "value: found \"1\", wanted a number");
        refusesJson("{\"name\":\"a\",\"value\":true}", "value: found true, wanted a number");
        refusesJson("{\"name\":\"a\",\"value\":1e400}", "value: found \"1e400\"");
        refusesJson("{\"name\":\"a\",\"value\":1,\"type\":\"x\"}", "type: found \"x\", wanted gauge");
        refusesJson("{\"name\":\"a\",\"value\":1,\"type\":1}", "type: found a number, wanted a string");
        refusesJson("{\"name\":\"a\",\"value\":1,\"tags\":[]}", "tags: found an array");
        refusesJson("{\"name\":\"a\",\"value\":1,\"tags\":{\"b\":1}}", "tags.b: found a number, wanted a string");
        refusesJson("{\"name\":\"a\",\"value\":1,\"tags\":{\"__name__\":\"x\"}}", "tags: found the key __name__");
        refusesJson("{\"name\":\"a\",\"value\":1,\"timestamp\":\"now\"}", "timestamp: found \"now\", wanted a time");
        refusesJson("{\"name\":\"a\",\"value\":1,\"timestamp\":1.5}", "timestamp: found \"1.5\", wanted an integer");
        refusesJson(
                "{\"name\":\"a\",\"value\":1,\"timestamp\":9223372036854775808}",
                "timestamp: found \"9223372036854775808\"");
        refusesJson("{\"metric\":{},\"values\":[1],\"timestamps\":[1]}", "metric.__name__: found nothing");
        refusesJson("{\"metric\":{\"__name__\":\"a\"},\"timestamps\":[1]}", "values: found nothing, wanted an array");
        refusesJson(
                "{\"metric\":{\"__name__\":\"a\"},\"values\":[1]}",
                "timestamps: found 0, wanted one for each of 1 values");
        refusesJson("{\"metric\":{\"__name__\":\"a\"},\"values\":[],\"timestamps\":[]}", "timestamps: found 0");
        refusesJson("{\"metric\":{\"__name__\":\"a\"},\"values\":[1,2],\"timestamps\":[1]}", "timestamps: found 1");
        refusesJson(
                "{\"metric\":{\"__name__\":\"a\"},\"values\":5,\"timestamps\":[1]}",
                "values: found a number, wanted an array");
        refusesJson(
                "{\"metric\":{\"__name__\":\"a\"},\"values\":[1,[2]],\"timestamps\":[1,2]}",
                "values[1]: found an array");
        refusesJson(
                "{\"metric\":{\"__name__\":\"a\"},\"values\":[1,2],\"timestamps\":[1,null]}",
                "timestamps[1]: found \"null\"");
    }

    @Test
    void readsCsvAsExported() throws Exception {
        String time = "2025-09-17T13:45:23.123Z,";
        assertThat(csv(time + "my.metric,7,counter,{}\n"
                        + time + "\"a,\"\"b\",-1e-7,gauge,\"{\"\"k\"\":\"\"v,\\\"\"\"\",\"\"l\"\":\"\" \"\"}\"\n"
                        + time + " b ,NaN,gauge,{}\n"
                        + time + "c,-Inf,histogram,{}"))
                .containsExactly(
                        "my.metric{} counter 7.0@1758116723123",
                        "a,\"b{k=v,\", l= } gauge -1.0E-7@1758116723123",
                        " b {} gauge NaN:7ff8000000000001@1758116723123",
                        "c{} histogram -Infinity@1758116723123");
    }

    @Test
    void refusesWhatIsNoSampleInCsv() {
        Lines.refuses(new CsvLineReader(), "2025-09-17T13:45:23.123Z,a,1,gauge,{}", "the first line: found \"2025");
        refusesCsv("2025-09-17T13:45:23.123Z,a,1,gauge", "the line: found 4 columns, wanted 5: timestamp,name");
        refusesCsv("2025-09-17T13:45:23.123Z,a,1,gauge,{},", "the line: found 6 columns");
        refusesCsv("", "the line: found 0 columns");
        refusesCsv("yesterday,a,1,gauge,{}", "timestamp: found \"yesterday\"");
        refusesCsv("2025-09-17T13:45:23.123Z,,1,gauge,{}", "name: found nothing");
        refusesCsv("2025-09-17T13:45:23.123Z,a,one,gauge,{}", "value: found \"one\", wanted a number");
        refusesCsv("2025-09-17T13:45:23.123Z,a,,gauge,{}", "value: found \"\", wanted a number");
        refusesCsv("2025-09-17T13:45:23.123Z,a,1,Gauge,{}", "type: found \"Gauge\"");
        refusesCsv("2025-09-17T13:45:23.123Z,a,1,gauge,", "tags: found nothing, wanted an object");
        refusesCsv("2025-09-17T13:45:23.123Z,a,1,gauge,[]", "tags: found an array, wanted an object");
        refusesCsv("2025-09-17T13:45:23.123Z,a,1,gauge,{} {}", "tags: found \"{} {}\"");
        refusesCsv("2025-09-17T13:45:23.123Z,a,1,gauge,{", "tags: found \"{\", wanted an object");
        refusesCsv("2025-09-17T13:45:23.123Z,a,1,gauge,\"{\"", "tags: found \"{\"");
        refusesCsv("2025-09-17T13:45:23.123Z,\"a,1,gauge,{}", "not CSV: ");
    }
}
