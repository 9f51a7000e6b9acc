package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What Prometheus's own description of its API says of the bodies of answers. */
final class AnswerShapes {
    private static final String BASE = "/api/v1";
    private static final String NAME = "https://shapes.test/api";

    private final JsonNode description;
    private final SchemaRegistry schemas;

    private AnswerShapes(JsonNode description) {
        this.description = description;
        this.schemas = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(NAME, description.toString())));
    }

    /** Reads the description; the test is skipped where there is none. */
    static AnswerShapes read() throws IOException {
        String yaml = Files.readString(ConformanceFiles.find("http-api/openapi_3.1_golden.yaml"));
        return new AnswerShapes(new YAMLMapper().readTree(yaml));
    }

    /** Checks an answer, whatever its status. */
    void check(HttpResponse<String> answer) {
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(faults(answer)).as("%s: %s", answer, answer.body()).isEmpty();
    }

    /** What of an answer is not as it is described. */
    List<String> faults(HttpResponse<String> answer) {
        String path = answer.uri().getPath().replaceFirst("^/api/v1/label/.*/values$", "/api/v1/label/{name}/values");
        String method = answer.request().method().toLowerCase(Locale.ROOT);
        return schema(path.substring(BASE.length()), method, answer.statusCode())
                .validate(answer.body(), InputFormat.JSON)
                .stream()
                .map(Error::toString)
                .toList();
    }

    private Schema schema(String path, String method, int status) {
        JsonNode operations = description.get("paths").get(path);
        assertThat(operations).as("%s is described", path).isNotNull();
        // A method that is not allowed has an answer, too: errors are described in the same way everywhere.
        JsonNode operation = operations.has(method)
                ? operations.get(method)
                : operations.iterator().next();
        String answered = status < 400 ? String.valueOf(status) : "default";
        JsonNode schema = operation
                .path("responses")
                .path(answered)
                .path("content")
                .path("application/json")
                .path("schema");
        return schemas.getSchema(
                SchemaLocation.of(NAME + schema.required("$ref").asString()));
    }
}
