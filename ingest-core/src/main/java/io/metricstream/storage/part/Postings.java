package io.metricstream.storage.part;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import io.metricstream.select.Cancellation;
import io.metricstream.select.MatchOp;
import io.metricstream.select.Matcher;
import io.metricstream.storage.StorageFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Finds the series of a part that fulfil matchers, by its label index: single values and choices of literals are looked
 * up, literal prefixes narrow the values that are looked at, everything else looks at every value of its label.
 *
 * <p>Thread: that of its cursor.
 */
@OwnedBy(Role.QUERY)
final class Postings {
    private final LabelIndex index;
    private final Cancellation cancellation;
    private final int series;

    Postings(PartInput input, Contents contents, Cancellation cancellation) {
        this.cancellation = cancellation;
        this.index = new LabelIndex(input, contents);
        this.series = contents.header().series();
    }

    /** The numbers of the series that fulfil all matchers. */
    RoaringBitmap select(List<Matcher> matchers) throws StorageFailure {
        var ordered = new ArrayList<>(matchers);
        // Those that find few series first, those that take away last.
        ordered.sort(Comparator.comparing(Matcher::matchesEmpty).thenComparing(Matcher::op));
        RoaringBitmap selected = null;
        for (Matcher matcher : ordered) {
            if (selected != null && selected.isEmpty()) {
                break;
            }
            selected = narrow(selected, matcher);
        }
        return selected == null ? all() : selected;
    }

    private RoaringBitmap narrow(@Nullable RoaringBitmap selected, Matcher matcher) throws StorageFailure {
        if (!matcher.matchesEmpty()) {
            RoaringBitmap matching = withValue(matcher, true);
            if (selected != null) {
                matching.and(selected);
            }
            return matching;
        }
        // Series without the label fulfil it too: take away those whose value does not.
        RoaringBitmap rest = selected == null ? all() : selected;
        rest.andNot(withValue(matcher, false));
        return rest;
    }

    /** The series that have the label with a value that the matcher accepts, or refuses. */
    private RoaringBitmap withValue(Matcher matcher, boolean accepted) throws StorageFailure {
        var found = new RoaringBitmap();
        if (!index.open(matcher.label())) {
            return found;
        }
        boolean sought = accepted != matcher.op().isNegative();
        if (sought && (matcher.op() == MatchOp.EQUAL || matcher.op() == MatchOp.NOT_EQUAL)) {
            lookUp(matcher.value(), found);
            return found;
        }
        LiteralPattern pattern = sought ? LiteralPattern.of(matcher.value()) : new LiteralPattern(null, "");
        if (sought && pattern.literals() != null) {
            for (String literal :
                    pattern.literals().stream().sorted().distinct().toList()) {
                cancellation.check();
                lookUp(literal, found);
            }
            return found;
        }
        scan(matcher, accepted, pattern.prefix(), found);
        return found;
    }

    private void lookUp(String literal, RoaringBitmap into) throws StorageFailure {
        byte[] value = literal.getBytes(StandardCharsets.UTF_8);
        index.seek(value);
        if (index.next() && index.isValue(value)) {
            index.addTo(into);
        }
    }

    private void scan(Matcher matcher, boolean accepted, String prefixText, RoaringBitmap into) throws StorageFailure {
        byte[] prefix = prefixText.getBytes(StandardCharsets.UTF_8);
        if (prefix.length > 0) {
            index.seek(prefix);
        }
        while (index.next() && index.startsWith(prefix)) {
            cancellation.check();
            if (matcher.matches(index.text()) == accepted) {
                index.addTo(into);
            }
        }
    }

    private RoaringBitmap all() {
        var all = new RoaringBitmap();
        all.add(0L, series);
        return all;
    }
}
