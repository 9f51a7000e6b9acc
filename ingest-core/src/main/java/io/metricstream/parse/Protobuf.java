package io.metricstream.parse;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;

/** What every reader of protobuf does. Thread: any; stateless. */
final class Protobuf {
    private Protobuf() {}

    /** Passes over a field whose tag has been read; fails where a group ends that has not begun. */
    static void skip(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("found the end of a group that has not begun");
        }
    }

    /** Enters an embedded message; returns what {@link CodedInputStream#popLimit} wants behind it. */
    static int enter(CodedInputStream in) throws IOException {
        return in.pushLimit(in.readRawVarint32());
    }
}
