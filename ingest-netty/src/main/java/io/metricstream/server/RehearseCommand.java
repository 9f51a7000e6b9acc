package io.metricstream.server;

import io.metricstream.config.ConfigException;
import io.metricstream.config.ConfigKeys;
import io.metricstream.config.ConfigLoader;
import io.metricstream.config.Machine;
import io.metricstream.config.ServerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Does once what a start does and ends, so that the launcher can archive the classes that took: a server on a free port
 * of the loopback interface, a few requests, and a stop.
 */
@Command(name = "rehearse", hidden = true, description = "Starts the server in a temporary folder and stops it.")
final class RehearseCommand implements Callable<Integer> {
    private static final String BODY = "{\"metrics\":[{\"name\":\"rehearsal\",\"value\":1,\"tags\":{\"a\":\"b\"}}]}";
    private static final List<String> REQUESTS = List.of(
            "GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY,
            "POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n{",
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\nConnection: close\r\n\r\n");

    @Override
    public Integer call() throws CommandFailure, InterruptedException, IOException {
        Path folder = Files.createTempDirectory("metricstream-rehearsal");
        try {
            ServerConfig config = config(folder);
            LogSetup.forServer(config.log());
            config.settings().lines();
            Server server = Server.listen(config);
            server.recover();
            ask(server.port());
            return server.stop() ? ExitCode.OK : ExitCode.FAILURE;
        } finally {
            delete(folder);
        }
    }

    private static ServerConfig config(Path folder) throws CommandFailure {
        var loader = new ConfigLoader(Machine.current());
        loader.option(ConfigKeys.HTTP_HOST, "127.0.0.1", "rehearse");
        loader.option(ConfigKeys.HTTP_PORT, "0", "rehearse");
        loader.option(ConfigKeys.DATA_DIR, folder.toString(), "rehearse");
        loader.option(ConfigKeys.WAL_SEGMENT, "64KiB", "rehearse");
        try {
            return ServerConfig.of(loader.resolve());
        } catch (ConfigException e) {
            throw CommandFailure.of(e);
        }
    }

    private static void ask(int port) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            for (String request : REQUESTS) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            }
            InputStream answers = socket.getInputStream();
            if (answers.readAllBytes().length == 0) {
                throw new IOException("the rehearsal was not answered");
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
