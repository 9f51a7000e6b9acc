package io.metricstream.load;

import io.metricstream.model.EpochClock;
import io.metricstream.model.NanoClock;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of a run as one: each call goes to all of them.
 *
 * <p>Thread: the one that runs the load. Owns: the event loops, until {@link #close}.
 */
@OwnedBy(Role.MAIN)
final class LoadLoops {
    private static final int MOST_LOOPS = 4;
    private static final int CONNECT_MILLIS = 10_000;

    private record Member(EventLoop thread, LoadLoop loop) {}

    private final LoadPlan plan;
    private final NanoClock clock;
    private final MultiThreadIoEventLoopGroup threads;
    private final List<Member> members = new ArrayList<>();
    private final List<Future<Tally>> results = new ArrayList<>();

    LoadLoops(LoadPlan plan, NanoClock clock, EpochClock wallClock) throws LoadException {
        this.plan = plan;
        this.clock = clock;
        var server = new InetSocketAddress(plan.server().getHost(), plan.port());
        if (server.isUnresolved()) {
            throw new LoadException("found no address of " + plan.server().getHost());
        }
        // Half of the processors, as the server may want the others.
        int half = Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors() / 2);
        int count = Math.max(
                1, Math.min(half, Math.min(plan.connections(), plan.fleet().hosts())));
        boolean epoll = Epoll.isAvailable();
        threads = new MultiThreadIoEventLoopGroup(
                count,
                new DefaultThreadFactory("event-loop", true),
                epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        Bootstrap bootstrap = bootstrap(epoll ? EpollSocketChannel.class : NioSocketChannel.class);
        for (EventExecutor thread : threads) {
            var fleet = new Fleet(plan.fleet(), members.size(), count, wallClock);
            var bodies = new RequestBodies(fleet, plan.samplesPerRequest(), plan.gzip());
            EventLoop eventLoop = (EventLoop) thread;
            var connector = new Connector(eventLoop, bootstrap, server);
            members.add(new Member(eventLoop, new LoadLoop(eventLoop, connector, bodies, plan, count, clock)));
        }
        byte[][] heads = heads();
        for (int c = 0; c < plan.connections(); c++) {
            members.get(c % count).loop().add(headsOf(c, heads));
        }
    }

    /** Connects; returns how many connections are open once each was tried. */
    int open() throws InterruptedException, LoadException {
        List<Future<Integer>> opening = new ArrayList<>();
        for (Member member : members) {
            var tried = member.thread().<Integer>newPromise();
            opening.add(tried);
            member.thread().execute(() -> member.loop().open(tried));
        }
        int open = 0;
        for (Future<Integer> tried : opening) {
            open += tried.sync().getNow();
        }
        if (open == 0) {
            Member first = members.get(0);
            throw new LoadException("cannot connect to " + plan.server() + ": "
                    + first.thread().submit(first.loop()::connectFailure).sync().getNow());
        }
        return open;
    }

    /** Begins a stage and returns the time of its beginning. */
    long start(Stage stage) {
        results.clear();
        long startNanos = clock.nanos();
        for (Member member : members) {
            var done = member.thread().<Tally>newPromise();
            var pace = new Pace(startNanos, stage, results.size(), members.size());
            results.add(done);
            member.thread().execute(() -> member.loop().start(pace, done));
        }
        return startNanos;
    }

    /** Waits until the stage is over, at most so long; true where it is. */
    boolean await(long millis) throws InterruptedException {
        long endNanos = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean over = true;
        for (Future<Tally> done : results) {
            over &= done.await(Math.max(0, endNanos - clock.nanos()), TimeUnit.NANOSECONDS);
        }
        return over;
    }

    void stopSending() {
        members.forEach(member -> member.thread().execute(member.loop()::stopSending));
    }

    /** Waits for no answer any more. */
    void giveUp() {
        members.forEach(member -> member.thread().execute(member.loop()::giveUp));
    }

    LoadProgress progress() throws InterruptedException {
        LoadProgress sum = LoadProgress.NONE;
        for (Member member : members) {
            sum = sum.plus(
                    member.thread().submit(member.loop()::progress).sync().getNow());
        }
        return sum;
    }

    /** What the stage came to, once it is over. */
    Tally result() {
        var sum = new Tally();
        results.forEach(done -> sum.add(done.getNow()));
        return sum;
    }

    /** Ends all connections and event loops. */
    void close() throws InterruptedException {
        for (Member member : members) {
            member.thread().submit(member.loop()::close).sync();
        }
        threads.shutdownGracefully(0, 2, TimeUnit.SECONDS).sync();
    }

    private static Bootstrap bootstrap(Class<? extends Channel> type) {
        return new Bootstrap()
                .channel(type)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
    }

    /** One request head for each identity, up to the number of its content length. */
    private byte[][] heads() {
        String start =
                "POST " + plan.path() + " HTTP/1.1\r\nHost: " + plan.server().getRawAuthority()
                        + "\r\nUser-Agent: metricstream-load\r\nContent-Type: application/json\r\n"
                        + (plan.gzip() ? "Content-Encoding: gzip\r\n" : "");
        byte[][] heads = new byte[plan.identities().size()][];
        for (int i = 0; i < heads.length; i++) {
            heads[i] = (start + "Authorization: " + plan.identities().get(i) + "\r\nContent-Length: ")
                    .getBytes(StandardCharsets.ISO_8859_1);
        }
        return heads;
    }

    /** The identities that a connection speaks for: one, or its share where there are more of them than connections. */
    private byte[][] headsOf(int connection, byte[][] heads) {
        int step = plan.connections();
        if (heads.length <= step) {
            return new byte[][] {heads[connection % heads.length]};
        }
        byte[][] share = new byte[(heads.length - connection + step - 1) / step][];
        for (int i = 0; i < share.length; i++) {
            share[i] = heads[connection + i * step];
        }
        return share;
    }
}
