package io.metricstream.parse;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request's metrics: how many came, which were refused and why, or why the body as a whole could not
 * be used. Reused from request to request.
 *
 * <p>A metric is named by its index: its place in the array, or among the lines that are not blank, from 0. A sample is
 * named by its place in the batch; {@link #metricIndexOf} leads from one to the other. Where lines have several samples each,
 * the number of its line, from 1, stands in place of the index, and of each line and field the first refusal is kept. The
 * same holds of messages of remote write, whose series are numbered from 0.
 *
 * <p>Thread: one event loop. Limits: the first {@value #MAX_ERRORS} refusals are kept with their text, all are counted.
 */
@OwnedBy(Role.EVENT_LOOP)
public final class ParseReport {
    /** The body is not JSON; line and column say where. */
    public static final String INVALID_JSON = "invalid_json";
    /** The body is JSON, but not a request. */
    public static final String INVALID_REQUEST = "invalid_request";

    static final int MAX_ERRORS = 100;

    private int received;
    private int rejected;
    private final int[] rejectedBy = new int[RejectReason.values().length];

    private int errorCount;
    private final int[] errorIndexes = new int[MAX_ERRORS];
    private final String[] errorFields = new String[MAX_ERRORS];
    private final String[] errorTexts = new String[MAX_ERRORS];
    private final String[] errorSeries = new String[MAX_ERRORS];
    private final RejectReason[] errorReasons = new RejectReason[MAX_ERRORS];

    /** Indexes of the metrics that have no sample in the batch, ascending. */
    private int[] absent = new int[16];

    private int absentCount;

    /** The numbers of the lines with several samples, and the first sample of each in the batch. */
    private int[] lineNumbers = new int[0];

    private int[] lineStarts = new int[0];
    private int lineCount;

    private @Nullable String malformedCode;
    private String message = "";
    private int line;
    private int column;

    public ParseReport() {
        Arrays.fill(errorFields, "");
        Arrays.fill(errorTexts, "");
        Arrays.fill(errorSeries, "");
        Arrays.fill(errorReasons, RejectReason.SHAPE);
    }

    public void clear() {
        received = 0;
        rejected = 0;
        Arrays.fill(rejectedBy, 0);
        errorCount = 0;
        absentCount = 0;
        lineCount = 0;
        malformedCode = null;
        message = "";
        line = 0;
        column = 0;
    }

    /** Metrics in the body: accepted and rejected together. */
    public int received() {
        return received;
    }

    public int accepted() {
        return received - rejected;
    }

    public int rejected() {
        return rejected;
    }

    public int rejectedBy(RejectReason reason) {
        return rejectedBy[reason.slot()];
    }

    /** How many refusals are kept with field and text. */
    public int errorCount() {
        return errorCount;
    }

    public int errorIndex(int i) {
        return errorIndexes[i];
    }

    /** The field at fault, such as {@code tags.host}; empty where it is the metric as a whole. */
    public String errorField(int i) {
        return errorFields[i];
    }

    /** What was found and what was wanted. */
    public String errorReason(int i) {
        return errorTexts[i];
    }

    /** The series of the metric at fault, as in {@code up{job="a"}}; its name alone, or empty, where no more is known. */
    public String errorSeries(int i) {
        return errorSeries[i];
    }

    /** Why, in a word. */
    public RejectReason errorWord(int i) {
        return errorReasons[i];
    }

    /**
     * Counts a metric that was accepted by the parser as rejected after all, by someone behind it.
     *
     * @param index the metric's index, see {@link #metricIndexOf}
     * @param series see {@link #errorSeries}
     */
    public void add(int index, String field, RejectReason reason, String text, String series) {
        rejected++;
        rejectedBy[reason.slot()]++;
        if (lineCount == 0 ? keepsMore() : keepsOf(index, field)) {
            errorIndexes[errorCount] = index;
            errorFields[errorCount] = field;
            errorTexts[errorCount] = text;
            errorSeries[errorCount] = series;
            errorReasons[errorCount] = reason;
            errorCount++;
        }
    }

    /** The index of the metric that became sample {@code sampleIndex} of the batch, or the number of its line. */
    public int metricIndexOf(int sampleIndex) {
        if (lineCount > 0) {
            return lineOf(sampleIndex);
        }
        int low = 0;
        int high = absentCount;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (absent[middle] - middle <= sampleIndex) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return sampleIndex + low;
    }

    private int lineOf(int sampleIndex) {
        int low = 0;
        int high = lineCount;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (lineStarts[middle] <= sampleIndex) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        // The last of the lines that begin there: those before it have no sample.
        return lineNumbers[low - 1];
    }

    /** {@link #INVALID_JSON} or {@link #INVALID_REQUEST}; null where the body could be used. */
    public @Nullable String malformedCode() {
        return malformedCode;
    }

    /** Why the body could not be used; empty where it could. */
    public String message() {
        return message;
    }

    /** Counted from 1; 0 where no place is to blame. */
    public int line() {
        return line;
    }

    /** In bytes, counted from 1; 0 where no place is to blame. */
    public int column() {
        return column;
    }

    /** The number of metrics so far, the one being read included. */
    void received(int metrics) {
        received = metrics;
    }

    /** So many metrics more have come. */
    void receivedMore(int metrics) {
        received += metrics;
    }

    /** The samples from this one on are of this line. */
    void onLine(int number, int firstSample) {
        if (lineCount == lineNumbers.length) {
            int capacity = Math.max(64, lineCount * 2);
            lineNumbers = Arrays.copyOf(lineNumbers, capacity);
            lineStarts = Arrays.copyOf(lineStarts, capacity);
        }
        lineNumbers[lineCount] = number;
        lineStarts[lineCount] = firstSample;
        lineCount++;
    }

    /** Whether a refusal of this line and field would be kept. */
    boolean keepsOf(int line, String field) {
        int last = errorCount - 1;
        return keepsMore() && (last < 0 || errorIndexes[last] != line || !errorFields[last].equals(field));
    }

    /** Refuses samples of a line. */
    void rejectOfLine(int line, String field, RejectReason reason, String text, String series, int samples) {
        add(line, field, reason, text, series);
        rejected += samples - 1;
        rejectedBy[reason.slot()] += samples - 1;
    }

    /** Whether the text of one more refusal would be kept. */
    public boolean keepsMore() {
        return errorCount < MAX_ERRORS;
    }

    /** Refuses the metric being read, which therefore has no sample in the batch. */
    void reject(int index, String field, RejectReason reason, String text, String series) {
        if (absentCount == absent.length) {
            absent = Arrays.copyOf(absent, absentCount * 2);
        }
        absent[absentCount++] = index;
        add(index, field, reason, text, series);
    }

    void malformed(String code, String text, int atLine, int atColumn) {
        clear();
        malformedCode = code;
        message = text;
        line = atLine;
        column = atColumn;
    }
}
