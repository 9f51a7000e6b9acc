package io.metricstream.load;

import java.util.List;

/**
 * One of the metrics that every host of the fleet has.
 *
 * @param tags further tags as JSON members, each with a comma behind it; what a host's own tags are is in {@link Fleet}
 */
record FleetMetric(String name, String type, String tags, Signal signal) {
    private static final String DISK = "\"device\":\"nvme0n1\",";
    private static final String NET = "\"interface\":\"eth0\",";
    private static final long PAGE_BYTES = 4096;
    private static final long GIB_PAGES = (1L << 30) / PAGE_BYTES;

    static final List<FleetMetric> ALL = List.of(
            gauge("cpu_user_percent", "", Signal.walk(0, 1000, 20).decimals(1)),
            gauge("cpu_system_percent", "", Signal.walk(0, 400, 8).decimals(1)),
            gauge("cpu_iowait_percent", "", Signal.walk(0, 2000, 30).decimals(2)),
            gauge("load_1m", "", Signal.walk(0, 3200, 25).decimals(2)),
            gauge("mem_total_bytes", "", Signal.constant(64 * GIB_PAGES).times(PAGE_BYTES)),
            gauge(
                    "mem_used_bytes",
                    "",
                    Signal.walk(2 * GIB_PAGES, 62 * GIB_PAGES, 4000).times(PAGE_BYTES)),
            gauge(
                    "mem_cached_bytes",
                    "",
                    Signal.walk(GIB_PAGES, 20 * GIB_PAGES, 9000).times(PAGE_BYTES)),
            gauge("swap_used_bytes", "", Signal.constant(0)),
            gauge(
                    "disk_used_percent",
                    DISK,
                    Signal.walk(500, 9700, 2).decimals(2).oneIn(4)),
            counter(
                    "disk_read_bytes_total",
                    DISK,
                    Signal.counter(10_000_000, 800).times(PAGE_BYTES)),
            counter(
                    "disk_written_bytes_total",
                    DISK,
                    Signal.counter(90_000_000, 3000).times(PAGE_BYTES)),
            counter(
                    "disk_busy_seconds_total",
                    DISK,
                    Signal.counter(900_000_000, 4000).decimals(3)),
            counter("net_received_bytes_total", NET, Signal.counter(900_000_000_000L, 12_000_000)),
            counter("net_sent_bytes_total", NET, Signal.counter(700_000_000_000L, 9_000_000)),
            counter("net_errors_total", NET, Signal.counter(40, 2).oneIn(500)),
            gauge("processes", "", Signal.walk(90, 600, 3).oneIn(8)));

    private static FleetMetric gauge(String name, String tags, Signal signal) {
        return new FleetMetric(name, "gauge", tags, signal);
    }

    private static FleetMetric counter(String name, String tags, Signal signal) {
        return new FleetMetric(name, "counter", tags, signal);
    }
}
