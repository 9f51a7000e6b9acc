/** How the samples of one series are encoded in a block. */
@NullMarked
package io.metricstream.storage.block;

import org.jspecify.annotations.NullMarked;
