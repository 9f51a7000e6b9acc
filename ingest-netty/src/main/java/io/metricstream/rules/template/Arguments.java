package io.metricstream.rules.template;

import io.metricstream.promql.text.GoNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** The arguments of one call, evaluated as they are asked for. */
record Arguments(Function function, List<Operand> operands, Expansion run) {
    int size() {
        return operands.size();
    }

    Object value(int index) throws TemplateException {
        return operands.get(index).value(run);
    }

    List<Object> values(int from) throws TemplateException {
        var values = new ArrayList<>();
        for (int i = from; i < size(); i++) {
            values.add(value(i));
        }
        return values;
    }

    String text(int index) throws TemplateException {
        Object value = value(index);
        if (value instanceof String text) {
            return text;
        }
        throw wrong(value, "a string");
    }

    /** A number, or a text that reads as one. */
    double number(int index) throws TemplateException {
        Object value = value(index);
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof String text) {
            OptionalDouble read = GoNumber.parse(text);
            if (read.isPresent()) {
                return read.getAsDouble();
            }
        }
        throw wrong(value, "a number");
    }

    List<TemplateSample> samples(int index) throws TemplateException {
        Object value = value(index);
        if (value instanceof List<?> list) {
            var samples = new ArrayList<TemplateSample>();
            for (Object one : list) {
                samples.add(sample(one));
            }
            return samples;
        }
        throw wrong(value, "the result of a query");
    }

    TemplateSample sample(int index) throws TemplateException {
        return sample(value(index));
    }

    private TemplateSample sample(Object value) throws TemplateException {
        if (value instanceof TemplateSample sample) {
            return sample;
        }
        throw wrong(value, "a sample");
    }

    private TemplateException wrong(Object found, String wanted) {
        return new TemplateException(
                "template: " + function.word() + ": found " + Values.text(found) + ", wanted " + wanted);
    }
}
