package io.metricstream.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.metricstream.config.LogConfig;
import io.metricstream.config.LogFormat;
import io.metricstream.config.LogLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log's configuration, in code: no file is looked for, none is watched. */
final class LogSetup {
    /** The logger of what a rehearsal's server would say of its requests, which nobody wants to hear. */
    static final String REHEARSAL = "io.metricstream.rehearsal";

    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %-5level [%thread] %logger{0}: %msg%n";

    private LogSetup() {}

    /** Commands that end: warnings, on standard error, since standard output may be their result. */
    static void forTools() {
        apply(new LogConfig(LogFormat.TEXT, LogLevel.WARN), "System.err");
    }

    /** The server: as configured, on standard output. */
    static void forServer(LogConfig config) {
        apply(config, "System.out");
    }

    private static void apply(LogConfig config, String target) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            throw new IllegalStateException("the log backend is not logback");
        }
        context.reset();
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setTarget(target);
        appender.setEncoder(config.format() == LogFormat.JSON ? json(context) : text(context));
        appender.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(config.level().name()));
        root.addAppender(appender);
        context.getLogger(REHEARSAL).setLevel(Level.OFF);
        // Netty tells at debug level what it found in the machine; nobody who debugs this server wants it unasked.
        context.getLogger("io.netty").setLevel(config.level() == LogLevel.TRACE ? Level.DEBUG : Level.WARN);
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        var encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context) {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        return encoder;
    }
}
