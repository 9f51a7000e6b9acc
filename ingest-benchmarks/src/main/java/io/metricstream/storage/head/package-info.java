/** Benchmarks of the memory side of the store. */
@NullMarked
package io.metricstream.storage.head;

import org.jspecify.annotations.NullMarked;
