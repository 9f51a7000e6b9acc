package io.metricstream.config;

import io.metricstream.storage.head.HeadConfig;
import io.metricstream.storage.store.StoreConfig;
import io.metricstream.storage.wal.WalConfig;

/** Settings of the store: a record for each of its rooms. */
public record StorageConfig(WalConfig wal, HeadConfig head, StoreConfig store) {}
