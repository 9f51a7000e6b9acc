package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metricstream.http.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How {@code serve} ends when the start does not come to its end. */
final class ServeCommandTest {
    @TempDir
    private Path data;

    @Test
    void startThatFailsUnexpectedlyIsABug() throws Exception {
        Server server = Server.listen(LiveServer.config(data));
        int port = server.port();
        int exitCode = ServeCommand.run(server, () -> {
            throw new IllegalStateException("as the test wants it");
        });
        assertThat(exitCode).isEqualTo(ExitCode.BUG);
        assertThatThrownBy(() -> RawClient.connect(port)).isInstanceOf(IOException.class);
    }
}
