package io.metricstream.rules.template;

import java.util.List;

/** Something in braces that has a value. Immutable. */
interface Operand {
    Object value(Expansion run) throws TemplateException;

    /** A number, text or truth as it was written. */
    record Constant(Object constant) implements Operand {
        @Override
        public Object value(Expansion run) {
            return constant;
        }
    }

    record Dot() implements Operand {
        @Override
        public Object value(Expansion run) {
            return run.dot();
        }
    }

    record Variable(String name) implements Operand {
        @Override
        public Object value(Expansion run) {
            return run.variable(name);
        }
    }

    /** {@code .name} of something. */
    record Field(Operand of, String name) implements Operand {
        @Override
        public Object value(Expansion run) throws TemplateException {
            return Values.field(of.value(run), name);
        }
    }

    /** A function with all its arguments, what a pipe hands it last. */
    record Call(Function function, List<Operand> arguments) implements Operand {
        public Call {
            arguments = List.copyOf(arguments);
        }

        @Override
        public Object value(Expansion run) throws TemplateException {
            return function.apply(new Arguments(function, arguments, run));
        }
    }
}
