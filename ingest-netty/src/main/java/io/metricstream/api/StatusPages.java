package io.metricstream.api;

import io.metricstream.http.ApiRequest;
import io.metricstream.model.EpochClock;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;

/** Tells what server this is and how it is configured. */
final class StatusPages {
    /** Programs ask which of Prometheus's calls they may use: this version of it has the ones that are here. */
    private static final String PROMETHEUS_VERSION = "2.24.0";

    private final ServerFacts facts;
    private final EpochClock clock;

    StatusPages(ServerFacts facts, EpochClock clock) {
        this.facts = facts;
        this.clock = clock;
    }

    void buildInfo(ApiRequest request, OutputStream out) {
        JsonReply.writePlain(out, json -> {
            json.writeStartObject();
            json.writeStringProperty("version", PROMETHEUS_VERSION);
            json.writeStringProperty("revision", facts.version());
            json.writeStringProperty("branch", "MetricStream");
            json.writeStringProperty("buildUser", "");
            json.writeStringProperty("buildDate", "");
            json.writeStringProperty("goVersion", "Java " + facts.javaVersion());
            json.writeEndObject();
        });
    }

    void runtimeInfo(ApiRequest request, OutputStream out) {
        JsonReply.writePlain(out, json -> {
            String start = Instant.ofEpochMilli(facts.startMillis()).toString();
            json.writeStartObject();
            json.writeStringProperty("startTime", start);
            json.writeStringProperty("CWD", facts.workingFolder());
            json.writeStringProperty("hostname", hostName());
            json.writeStringProperty(
                    "serverTime", Instant.ofEpochMilli(clock.millis()).toString());
            // The configuration is read once, at the start.
            json.writeBooleanProperty("reloadConfigSuccess", true);
            json.writeStringProperty("lastConfigTime", start);
            json.writeNumberProperty("corruptionCount", facts.damages().getAsLong());
            json.writeNumberProperty(
                    "goroutineCount", ManagementFactory.getThreadMXBean().getThreadCount());
            json.writeNumberProperty("GOMAXPROCS", Runtime.getRuntime().availableProcessors());
            json.writeNumberProperty("GOMEMLIMIT", Runtime.getRuntime().maxMemory());
            json.writeStringProperty("GOGC", "");
            json.writeStringProperty("GODEBUG", "");
            json.writeStringProperty("storageRetention", facts.retention());
            json.writeEndObject();
        });
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "";
        }
    }

    void flags(ApiRequest request, OutputStream out) {
        JsonReply.writePlain(out, json -> {
            json.writeStartObject();
            facts.flags().forEach(json::writeStringProperty);
            json.writeEndObject();
        });
    }
}
