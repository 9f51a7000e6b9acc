package io.metricstream.rules.template;

/** Compares values as Go's templates do: a whole number and one with a fraction are of different kinds. Stateless. */
final class Comparison {
    private Comparison() {}

    static boolean equal(Object a, Object b) throws TemplateException {
        if (a instanceof Double x && b instanceof Double y) {
            return x.doubleValue() == y.doubleValue();
        }
        if (!a.getClass().equals(b.getClass()) || !isBasic(a)) {
            throw incompatible(a, b);
        }
        return a.equals(b);
    }

    /** Whether the first argument equals any other. */
    static boolean equalsAny(Arguments arguments) throws TemplateException {
        Object first = arguments.value(0);
        for (Object other : arguments.values(1)) {
            if (equal(first, other)) {
                return true;
            }
        }
        return false;
    }

    static int compare(Object a, Object b) throws TemplateException {
        if (a instanceof Double x && b instanceof Double y) {
            return x < y ? -1 : x.doubleValue() == y.doubleValue() ? 0 : 1;
        }
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        if (a instanceof String x && b instanceof String y) {
            return x.compareTo(y);
        }
        throw incompatible(a, b);
    }

    private static boolean isBasic(Object value) {
        return value instanceof Long || value instanceof String || value instanceof Boolean;
    }

    private static TemplateException incompatible(Object a, Object b) {
        return new TemplateException("template: incompatible types for comparison: " + Values.text(a) + " ("
                + a.getClass().getSimpleName() + ") and " + Values.text(b) + " ("
                + b.getClass().getSimpleName() + ")");
    }
}
