package io.metricstream.ask;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;

/** A drawing of dots, two across and four down in each character of Braille; a character has the colour that came last. */
@OwnedBy(Role.MAIN)
final class BrailleCanvas {
    static final int ACROSS = 2;
    static final int DOWN = 4;
    private static final char EMPTY = '\u2800';
    /** The bit of each dot, row by row. */
    private static final int[] DOT = {0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80};

    private final int columns;
    private final int rows;
    private final int[] dots;
    private final int[] colors;

    BrailleCanvas(int columns, int rows) {
        this.columns = columns;
        this.rows = rows;
        this.dots = new int[columns * rows];
        this.colors = new int[columns * rows];
    }

    int width() {
        return columns * ACROSS;
    }

    int height() {
        return rows * DOWN;
    }

    /** A dot, counted from the left and from the top. */
    void dot(int x, int y, int color) {
        int at = y / DOWN * columns + x / ACROSS;
        dots[at] |= DOT[y % DOWN * ACROSS + x % ACROSS];
        colors[at] = color;
    }

    /** Dots from one to another, both included, with no gap between two. */
    void line(int fromX, int fromY, int toX, int toY, int color) {
        int steps = Math.max(1, Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY)));
        for (int i = 0; i <= steps; i++) {
            dot(
                    fromX + Math.round((toX - fromX) * (float) i / steps),
                    fromY + Math.round((toY - fromY) * (float) i / steps),
                    color);
        }
    }

    /** A line of text from the top; in colours of terminals, or none where they are not wanted. */
    String row(int row, boolean colored) {
        var text = new StringBuilder();
        for (int at = row * columns; at < (row + 1) * columns; at++) {
            char shown = dots[at] == 0 ? ' ' : (char) (EMPTY + dots[at]);
            text.append(
                    dots[at] == 0 || !colored
                            ? String.valueOf(shown)
                            : TerminalColor.of(colors[at], String.valueOf(shown)));
        }
        return text.toString();
    }
}
