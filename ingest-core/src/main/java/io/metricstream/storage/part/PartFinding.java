package io.metricstream.storage.part;

/**
 * Something about a part's file that is not as it was written.
 *
 * @param offsetBytes where in the file
 * @param reason what is wrong there, with what was found and what was wanted
 */
public record PartFinding(long offsetBytes, String reason) {}
