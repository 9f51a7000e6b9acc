package io.metricstream.server;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.io.IOException;
import java.io.OutputStream;

/** A request of the rehearsal, laid out as bytes, and the status that its answer must have; immutable. */
@OwnedBy(Role.REHEARSAL)
final class RehearsalRequest {
    private final byte[] bytes;
    private final int status;

    /** Keeps the array. */
    RehearsalRequest(byte[] bytes, int status) {
        this.bytes = bytes;
        this.status = status;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes);
    }

    int status() {
        return status;
    }
}
