package io.metricstream.http;

import io.metricstream.own.Borrowed;
import io.metricstream.own.ThreadSafe;
import io.metricstream.select.Cancellation;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer while it is made. One that fits into a piece is answered whole, with its length; a longer one goes
 * out in chunks, of which one is made while the one before is sent, so that any length takes the same memory.
 *
 * <p>Thread: a worker writes and ends it; the connection's event loop says what became of the pieces. Limits: pieces of
 * {@value #PIECE_BYTES} bytes; a client that takes none for twice {@code http.idle-timeout} is gone, and so is one that has
 * not taken all of them after {@code http.answer-timeout}: until then it keeps a worker, and the samples it asked for in
 * memory. Fails: IOException where the client is gone, {@link io.metricstream.select.CancelledException} where it has left.
 */
@ThreadSafe("the worker's fields are its own; the semaphore and a volatile flag are for both")
final class ReplyStream extends OutputStream {
    static final int PIECE_BYTES = 64 << 10;

    private final Exchange exchange;
    private final String contentType;
    private final long patienceNanos;
    private final long answerNanos;
    private final Cancellation cancellation;
    /** None while a piece is on its way. */
    private final Semaphore free = new Semaphore(1);

    private volatile boolean gone;
    private byte[] piece = new byte[4096];
    private byte[] other = new byte[0];
    private int length;
    private boolean begun;
    private String encoding = "";
    private long endNanos;

    ReplyStream(Exchange exchange, String contentType, HttpTimeouts timeouts, Cancellation cancellation) {
        this.exchange = exchange;
        this.contentType = contentType;
        this.patienceNanos = 2 * timeouts.idle().toNanos();
        this.answerNanos = timeouts.answer().toNanos();
        this.cancellation = cancellation;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(@Borrowed byte[] bytes, int offset, int count) throws IOException {
        checkWanted();
        int at = offset;
        int left = count;
        while (left > 0) {
            if (length == PIECE_BYTES) {
                send(false);
            }
            int some = Math.min(left, PIECE_BYTES - length);
            if (piece.length - length < some) {
                piece = Arrays.copyOf(piece, Math.min(PIECE_BYTES, Math.max(length + some, piece.length * 2)));
            }
            System.arraycopy(bytes, at, piece, length, some);
            length += some;
            at += some;
            left -= some;
        }
    }

    /** Fails where nobody wants the answer any more. */
    void checkWanted() {
        cancellation.check();
    }

    /** What is written is compressed in this way. */
    void isEncoded(String contentEncoding) {
        encoding = contentEncoding;
    }

    private Answer answer(byte[] body) {
        Answer answer = Answer.of(200, contentType, body).header("vary", "accept-encoding");
        return encoding.isEmpty() ? answer : answer.header("content-encoding", encoding);
    }

    /** Whether something was sent, after which nothing else can be answered. */
    boolean begun() {
        return begun;
    }

    /** Sends what is left, which ends the answer. */
    void end() throws IOException {
        if (begun) {
            send(true);
        } else {
            Answer whole = answer(Arrays.copyOf(piece, length));
            onLoop(() -> exchange.answer(whole));
        }
    }

    /** Ends the connection, for the rest cannot be had. */
    void cut(String message, @Nullable RuntimeException bug) {
        gone = true;
        exchange.connection.onOwnLoop(() -> ReplyPieces.cut(exchange, message, bug));
    }

    /** The event loop has sent a piece, or could not. */
    void onWritten(Future<?> written) {
        gone |= !written.isSuccess();
        free.release();
    }

    /** Nobody is there any more, or wants more. */
    void onGone() {
        gone = true;
        free.release();
    }

    private void send(boolean last) throws IOException {
        if (!begun) {
            begun = true;
            endNanos = exchange.connection.now() + answerNanos;
            awaitFree();
            onLoop(() -> ReplyPieces.begin(exchange, answer(new byte[0]), this));
        }
        awaitFree();
        byte[] sent = piece;
        int sentLength = length;
        onLoop(() -> ReplyPieces.add(exchange, sent, sentLength, this, last));
        // The one sent before is out: it is filled while this one is on its way.
        piece = other.length == 0 ? new byte[PIECE_BYTES] : other;
        other = sent;
        length = 0;
    }

    private void awaitFree() throws IOException {
        long leftNanos = endNanos - exchange.connection.now();
        try {
            if (!free.tryAcquire(Math.min(patienceNanos, leftNanos), TimeUnit.NANOSECONDS)) {
                cut(
                        leftNanos < patienceNanos
                                ? "the client takes longer than http.answer-timeout"
                                : "the client takes nothing of it",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while answering").initCause(e);
        }
        if (gone) {
            free.release();
            throw new IOException("the client is gone");
        }
    }

    private void onLoop(Runnable task) throws IOException {
        if (!exchange.connection.onOwnLoop(task)) {
            throw new IOException("the event loop has ended");
        }
    }
}
