/**
 * Who has sent a request, from the {@code Authorization} header or the remote address, and what that client may do.
 *
 * <p>Read first: {@link io.metricstream.auth.Authenticator} (one header, one answer), then
 * {@link io.metricstream.auth.KeyFile} (the file of clients, and how keys are made). Two modes: in open mode everybody is
 * let in and the header only tells clients apart; in key mode the header must carry the key of a client in the file.
 *
 * <p>Keys are 256 random bits. The file holds their SHA-256 and nothing else: a plain hash is enough, as no dictionary
 * holds 256 random bits, and a slow one would only cost every request.
 *
 * <p>Threads: any thread authenticates; one thread at a time reloads. The key file is changed by the command line, which
 * may be another process.
 *
 * <p>Owns: the key file and the lock file beside it, while it is being changed.
 *
 * <p>Must not come in: HTTP, counting and limiting (that is {@code io.metricstream.limit}), secrets in names, messages or
 * logs.
 */
@NullMarked
package io.metricstream.auth;

import org.jspecify.annotations.NullMarked;
