package io.metricstream.http;

import io.metricstream.own.ThreadSafe;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The web page at {@code /} and the files that it names, from the class path. They are read when the first of them is asked for
 * and stay in memory, so that a server whose page nobody opens starts no later for it. Whoever asks gets them: they say
 * nothing about what is stored.
 *
 * <p>Thread: event loops ask; the reader reads, once or, where several ask at the same time, a few times the same.
 */
@ThreadSafe("what was read is published by a volatile field and changes no more")
final class WebFiles {
    private static final String FOLDER = "/page/";
    private static final String PATH = "/assets/";
    private static final String INDEX = "index.html";
    private static final String WEB_JAR = "/META-INF/resources/webjars/uplot/";
    private static final String WEB_JAR_VERSION = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

    /** Files of a library, by the names that they have here. */
    private static final Map<String, String> OF_LIBRARY =
            Map.of("uplot.js", "dist/uPlot.esm.js", "uplot.css", "dist/uPlot.min.css");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    /** Names by path: what is not here is not served, whatever else is on the class path. */
    private static final Map<String, String> NAMES = names(
            "page.css",
            "icon.svg",
            "theme.js",
            "main.js",
            "api.js",
            "cardinality.js",
            "catalog.js",
            "chart.js",
            "clients.js",
            "complete.js",
            "dom.js",
            "editor.js",
            "explore.js",
            "exposition.js",
            "format.js",
            "key.js",
            "legend.js",
            "lexer.js",
            "panel.js",
            "poll.js",
            "series.js",
            "server.js",
            "state.js",
            "table.js",
            "tile.js",
            "time.js",
            "words.js",
            "uplot.js",
            "uplot.css");

    private final Executor reader;
    private volatile @Nullable Map<String, WebFile> files;

    /** @param reader runs what reads the files */
    WebFiles(Executor reader) {
        this.reader = reader;
    }

    private static Map<String, String> names(String... assets) {
        Map<String, String> names = new HashMap<>();
        names.put("/", INDEX);
        // Where alerts and templates link to, as Prometheus has them; the page reads the rest of the address.
        names.put("/graph", INDEX);
        for (String asset : assets) {
            names.put(PATH + asset, asset);
        }
        return Map.copyOf(names);
    }

    static boolean isServed(String path) {
        return NAMES.containsKey(path);
    }

    /** Answers with the file at the path of the request, which must be one that {@link #isServed}. */
    void onRequest(Exchange exchange, HttpHeaders headers) {
        Map<String, WebFile> read = files;
        if (read != null) {
            answer(exchange, headers, read);
            return;
        }
        try {
            reader.execute(() -> readFor(exchange, headers));
        } catch (RejectedExecutionException tooMany) {
            exchange.refuse(Refusal.unavailable("busy", "too much is rendered at once", 1));
        }
    }

    /** Runs on the reader. */
    private void readFor(Exchange exchange, HttpHeaders headers) {
        try {
            Map<String, WebFile> read = files;
            if (read == null) {
                read = read();
                files = read;
            }
            Map<String, WebFile> all = read;
            exchange.connection.onOwnLoop(() -> answer(exchange, headers, all));
        } catch (IOException e) {
            exchange.connection.onOwnLoop(() -> exchange.onBug(new UncheckedIOException("the jar is not whole", e)));
        } catch (RuntimeException bug) {
            exchange.connection.onOwnLoop(() -> exchange.onBug(bug));
        }
    }

    private static void answer(Exchange exchange, HttpHeaders headers, Map<String, WebFile> read) {
        WebFile file = read.get(exchange.path);
        if (file == null) {
            throw new IllegalStateException("not served: path=" + exchange.path);
        }
        exchange.answer(file.answer(headers));
    }

    private static Map<String, WebFile> read() throws IOException {
        var version = new Properties();
        try (InputStream in = open(WEB_JAR_VERSION)) {
            version.load(in);
        }
        String library = WEB_JAR + version.getProperty("version") + "/";
        Map<String, WebFile> read = new HashMap<>();
        for (Map.Entry<String, String> served : NAMES.entrySet()) {
            String name = served.getValue();
            String inLibrary = OF_LIBRARY.get(name);
            try (InputStream in = open(inLibrary == null ? FOLDER + name : library + inLibrary)) {
                String type = String.valueOf(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
                read.put(served.getKey(), new WebFile(type, in.readAllBytes()));
            }
        }
        return Map.copyOf(read);
    }

    private static InputStream open(String resource) throws IOException {
        InputStream in = WebFiles.class.getResourceAsStream(resource);
        if (in == null) {
            throw new FileNotFoundException("not on the class path: " + resource);
        }
        return in;
    }
}
