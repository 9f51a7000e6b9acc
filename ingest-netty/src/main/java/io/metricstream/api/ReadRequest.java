package io.metricstream.api;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Cancellation;
import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import io.metricstream.select.RegexBudget;
import io.metricstream.select.Selection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads Prometheus's {@code ReadRequest}. Hints and fields that are not known are passed over. Lives inside one call.
 *
 * <p>Limits: {@value #MOST_QUERIES} queries and {@value #MOST_MATCHERS} matchers in each, and {@link RegexBudget} for all of them.
 * Fails: IOException on what is no such message, IllegalArgumentException on one that asks for what cannot be had.
 */
@OwnedBy(Role.QUERY)
final class ReadRequest {
    private static final int MOST_QUERIES = 64;
    private static final int MOST_MATCHERS = 256;

    private static final int QUERY = message(1);
    private static final int ACCEPTED_TYPE = number(2);
    private static final int ACCEPTED_TYPES = message(2);
    private static final int START_MILLIS = number(1);
    private static final int END_MILLIS = number(2);
    private static final int MATCHER = message(3);
    private static final int OPERATOR = number(1);
    private static final int LABEL = message(2);
    private static final int VALUE = message(3);
    /** The number of the response type that has samples as they are, which a client takes that names none. */
    private static final int SAMPLES = 0;

    private static final List<MatchOp> OPERATORS =
            List.of(MatchOp.EQUAL, MatchOp.NOT_EQUAL, MatchOp.REGEX, MatchOp.NOT_REGEX);

    private final CodedInputStream in;
    private final Cancellation cancellation;
    private final RegexBudget budget = new RegexBudget();
    private final List<Selection> queries = new ArrayList<>();
    private boolean namesTypes;
    private boolean takesSamples;

    private ReadRequest(CodedInputStream in, Cancellation cancellation) {
        this.in = in;
        this.cancellation = cancellation;
    }

    /** What each of the queries selects. */
    static List<Selection> read(@Borrowed byte[] bytes, int length, Cancellation cancellation) throws IOException {
        var request = new ReadRequest(CodedInputStream.newInstance(bytes, 0, length), cancellation);
        request.readAll();
        if (request.namesTypes && !request.takesSamples) {
            throw new IllegalArgumentException("none of the response types that are asked for is had; wanted SAMPLES");
        }
        return request.queries;
    }

    private static int message(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    private static int number(int field) {
        return field << 3 | WireFormat.WIRETYPE_VARINT;
    }

    private void readAll() throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == QUERY) {
                if (queries.size() == MOST_QUERIES) {
                    throw new IllegalArgumentException("too many queries: wanted at most " + MOST_QUERIES);
                }
                int outer = enter();
                queries.add(query());
                in.popLimit(outer);
            } else if (tag == ACCEPTED_TYPE) {
                accept();
            } else if (tag == ACCEPTED_TYPES) {
                int outer = enter();
                while (!in.isAtEnd()) {
                    accept();
                }
                in.popLimit(outer);
            } else {
                skip(tag);
            }
        }
    }

    private void accept() throws IOException {
        namesTypes = true;
        takesSamples |= in.readEnum() == SAMPLES;
    }

    private Selection query() throws IOException {
        long from = 0;
        long to = 0;
        var matchers = new ArrayList<Matcher>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == START_MILLIS) {
                from = in.readInt64();
            } else if (tag == END_MILLIS) {
                to = in.readInt64();
            } else if (tag == MATCHER) {
                if (matchers.size() == MOST_MATCHERS) {
                    throw new IllegalArgumentException("too many matchers: wanted at most " + MOST_MATCHERS);
                }
                int outer = enter();
                matchers.add(matcher());
                in.popLimit(outer);
            } else {
                skip(tag);
            }
        }
        return new Selection(matchers, from, to, cancellation);
    }

    private Matcher matcher() throws IOException {
        int operator = 0;
        String label = "";
        String value = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == OPERATOR) {
                operator = in.readEnum();
            } else if (tag == LABEL) {
                label = in.readStringRequireUtf8();
            } else if (tag == VALUE) {
                value = in.readStringRequireUtf8();
            } else {
                skip(tag);
            }
        }
        if (operator < 0 || operator >= OPERATORS.size()) {
            throw new IllegalArgumentException("found a matcher of type " + operator + ", wanted 0 to 3");
        }
        MatchOp op = OPERATORS.get(operator);
        if (op.isRegex()) {
            budget.take(value);
        }
        return new Matcher(label, op, value);
    }

    private int enter() throws IOException {
        return in.pushLimit(in.readRawVarint32());
    }

    private void skip(int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("found the end of a group that has not begun");
        }
    }
}
