package io.metricstream.storage.wal;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.Arrays;

/**
 * Which refs were logged with their series in the current log epoch. A reader of the log knows no others: the segments of
 * the epochs before may be gone.
 *
 * <p>Thread: DISK_WRITER only. Order: marks of a group last only if {@link #onCommit} follows. Limits: two bytes a ref.
 */
@OwnedBy(Role.DISK_WRITER)
final class LoggedRefs {
    /** Epochs are numbered from 0 up to this, and then from 0 again. */
    static final int EPOCHS = 0xffff;

    /** By ref, one more than the epoch in which it was logged last; 0 for none. */
    private char[] marks = new char[1 << 10];

    private char current;
    private int[] ofGroup = new int[64];
    private int ofGroupCount;

    LoggedRefs(int epoch) {
        current = (char) (epoch + 1);
    }

    static int epochAfter(int epoch) {
        return (epoch + 1) % EPOCHS;
    }

    void startEpoch(int epoch) {
        if (epoch == 0) {
            // The numbers begin again, and marks of the last round must not count.
            Arrays.fill(marks, (char) 0);
        }
        current = (char) (epoch + 1);
    }

    boolean isLogged(int ref) {
        return ref < marks.length && marks[ref] == current;
    }

    void mark(int ref) {
        if (ref >= marks.length) {
            marks = Arrays.copyOf(marks, Math.max(ref + 1, marks.length * 2));
        }
        marks[ref] = current;
        if (ofGroupCount == ofGroup.length) {
            ofGroup = Arrays.copyOf(ofGroup, ofGroupCount * 2);
        }
        ofGroup[ofGroupCount++] = ref;
    }

    /** What was marked since the last commit stays. */
    void onCommit() {
        ofGroupCount = 0;
    }

    /** What was marked since the last commit is not in the log. */
    void onRollback() {
        for (int i = 0; i < ofGroupCount; i++) {
            marks[ofGroup[i]] = 0;
        }
        ofGroupCount = 0;
    }
}
