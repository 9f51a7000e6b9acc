package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a server of these tests as programs do. */
final class ApiClient {
    private static final JsonMapper JSON = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;

    ApiClient(int port) {
        this.port = port;
    }

    /** Parameters from name, value, name, value. */
    static String parameters(String... namesAndValues) {
        var text = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            text.append(i == 0 ? "" : "&").append(URLEncoder.encode(namesAndValues[i], StandardCharsets.UTF_8));
            text.append('=').append(URLEncoder.encode(namesAndValues[i + 1], StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    HttpResponse<String> get(String path, String... parameters) throws IOException, InterruptedException {
        String query = parameters.length == 0 ? "" : "?" + parameters(parameters);
        return send(HttpRequest.newBuilder(uri(path + query)));
    }

    /** The same for one who takes only some forms of an answer. */
    HttpResponse<String> getAs(String accept, String path, String... parameters)
            throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(uri(path + "?" + parameters(parameters))).header("Accept", accept));
    }

    HttpResponse<String> postForm(String path, String... parameters) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(parameters(parameters))));
    }

    HttpResponse<String> post(String path, byte[] body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** A write that must be stored. */
    void write(String lines) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                post("/metrics", lines.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/x-ndjson");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** The whole answer, which must be a success. */
    JsonNode success(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json.get("status").asString()).isEqualTo("success");
        return json;
    }

    /** What was answered, by GET. */
    String data(String path, String... parameters) throws IOException, InterruptedException {
        return success(get(path, parameters)).get("data").toString();
    }

    /** An answer that must be an error in Prometheus's shape. */
    void refused(HttpResponse<String> answer, int status, String errorType, String code, String message) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json.get("status").asString()).isEqualTo("error");
        assertThat(json.get("errorType").asString()).isEqualTo(errorType);
        assertThat(answer.headers().firstValue("x-error-code")).hasValue(code);
        assertThat(json.get("error").asString()).contains(message);
    }

    private URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + port + pathAndQuery);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
