package io.metricstream.http;

import io.metricstream.model.NanoClock;
import io.metricstream.own.ThreadSafe;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening socket, the event loops and what each connection is made of.
 *
 * <p>Thread: one thread starts and stops it. Owns: the event loops, a thread that renders scrapes, one for
 * what an administrator wants done, some that answer questions about what is stored, and some that compute queries.
 */
@ThreadSafe("started and stopped by one thread; its parts belong to event loops")
public final class HttpServer {
    private static final int MAX_CHUNK_BYTES = 256 << 10;
    private static final int SCRAPES_WAITING = 8;
    private static final int ADMIN_WAITING = 8;
    private static final int API_THREADS = 8;
    private static final int API_WAITING = 64;
    private static final int BACKLOG = 4096;

    private final HttpConfig config;
    private final MultiThreadIoEventLoopGroup loops;
    private final Class<? extends ServerChannel> channelType;
    private final IdentityHashMap<EventLoop, LoopContext> contexts = new IdentityHashMap<>();
    private final ThreadPoolExecutor slowPages;
    private final ThreadPoolExecutor adminWork;
    private final ThreadPoolExecutor apiWork;
    private final ThreadPoolExecutor queryWork;
    private final Dispatch dispatch;
    private final NanoClock clock;
    private @Nullable Channel listener;

    public HttpServer(HttpConfig config, HttpServices services) {
        this.config = config;
        this.clock = services.nanoClock();
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.loops = new MultiThreadIoEventLoopGroup(config.eventLoops(), new DefaultThreadFactory("event-loop"), io);
        this.channelType = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        this.slowPages = workers("scrape", 1, SCRAPES_WAITING);
        this.adminWork = workers("admin", 1, ADMIN_WAITING);
        this.apiWork = workers("api", API_THREADS, API_WAITING);
        this.queryWork = workers("query", config.queries(), API_WAITING);
        var memory = new BodyMemory(config.bodyMemoryBytes());
        var stats = new HttpStats(services.registry(), memory);
        this.dispatch = new Dispatch(
                services,
                config,
                new InfoPages(services, stats),
                new AdminPages(services.administration(), adminWork),
                new ApiPages(services.api(), apiWork, queryWork, config.timeouts()),
                new WebFiles(slowPages),
                slowPages);
        int index = 0;
        for (EventExecutor executor : loops) {
            EventLoop loop = (EventLoop) executor;
            var context = new LoopContext(index++, loop, services, config, stats, memory);
            contexts.put(loop, context);
            if (loop instanceof SingleThreadEventExecutor queue) {
                stats.watchTasks(String.valueOf(index - 1), queue);
            }
            context.startSweep();
        }
    }

    /** Where a server that clients know writes a line for every error answer. */
    public static Logger errorLogger() {
        return LoggerFactory.getLogger(ErrorLog.class);
    }

    private static ThreadPoolExecutor workers(String name, int threads, int mayWait) {
        var executor = new ThreadPoolExecutor(
                threads,
                threads,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(mayWait),
                new DefaultThreadFactory(name));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Listens; fails where the port cannot be had. */
    public void start() throws IOException {
        var bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(channelType)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, receiveSizes())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        setUp(channel);
                    }
                });
        try {
            listener = bootstrap.bind(config.host(), config.port()).sync().channel();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while binding", e);
        } catch (Exception e) {
            throw new IOException(
                    "cannot listen: host=" + config.host() + ", port=" + config.port() + ", cause=" + e.getMessage(),
                    e);
        }
    }

    /** The port it listens on. */
    public int port() {
        Channel bound = listener;
        if (bound == null) {
            throw new IllegalStateException("not started");
        }
        return ((InetSocketAddress) bound.localAddress()).getPort();
    }

    /** Takes no more connections; those open go on until their requests are answered. */
    public void stopListening() throws InterruptedException {
        Channel bound = listener;
        if (bound != null) {
            bound.close().sync();
        }
    }

    /** Closes connections as they become idle, at most so long, then all; returns whether every request was answered. */
    public boolean finishRequests(Duration timeout) throws InterruptedException {
        long deadlineNanos = clock.nanos() + timeout.toNanos();
        boolean idle = closeIdle();
        while (!idle && clock.nanos() < deadlineNanos) {
            TimeUnit.MILLISECONDS.sleep(5);
            idle = closeIdle();
        }
        return idle;
    }

    /** Ends the event loops. */
    public void close() throws InterruptedException {
        slowPages.shutdown();
        adminWork.shutdown();
        apiWork.shutdown();
        queryWork.shutdown();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).sync();
    }

    private boolean closeIdle() throws InterruptedException {
        boolean idle = true;
        for (Map.Entry<EventLoop, LoopContext> entry : contexts.entrySet()) {
            idle &= entry.getKey().submit(entry.getValue()::closeIdle).sync().getNow();
        }
        return idle;
    }

    private void setUp(Channel channel) {
        LoopContext context = contexts.get(channel.eventLoop());
        if (context == null) {
            throw new IllegalStateException("a connection on a foreign event loop");
        }
        var connection = new Connection(context, dispatch, closeAfterNanos(context));
        channel.pipeline()
                .addLast(new StrictRequestDecoder(config.limits(), MAX_CHUNK_BYTES, connection))
                .addLast(connection);
    }

    /** The age at which a connection is closed, a tenth more or less, so that those opened together do not end together. */
    private long closeAfterNanos(LoopContext context) {
        long ageNanos = config.connectionAge().toNanos();
        if (ageNanos == 0) {
            return 0;
        }
        long jittered = jittered(ageNanos, ThreadLocalRandom.current().nextDouble());
        return Math.max(1, context.services.nanoClock().nanos() + jittered);
    }

    /** Between nine and eleven tenths of an age, for a random number from 0 to 1. */
    static long jittered(long ageNanos, double random) {
        return (long) (ageNanos * (0.9 + 0.2 * random));
    }

    private static RecvByteBufAllocator receiveSizes() {
        return new io.netty.channel.AdaptiveRecvByteBufAllocator(2048, 4096, MAX_CHUNK_BYTES).maxMessagesPerRead(4);
    }
}
