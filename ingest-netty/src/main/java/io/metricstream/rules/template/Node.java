package io.metricstream.rules.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A piece of a template. Immutable. */
interface Node {
    void write(Expansion run) throws TemplateException;

    /** Pieces one after the other; variables declared in them end with them. */
    record Sequence(List<Node> nodes) implements Node {
        public Sequence {
            nodes = List.copyOf(nodes);
        }

        @Override
        public void write(Expansion run) throws TemplateException {
            int known = run.known();
            for (Node node : nodes) {
                node.write(run);
            }
            run.forget(known);
        }
    }

    /** What is outside of braces. */
    record Text(String text) implements Node {
        @Override
        public void write(Expansion run) throws TemplateException {
            run.write(text);
        }
    }

    /** {@code {{ pipeline }}}. */
    record Output(Operand pipeline) implements Node {
        @Override
        public void write(Expansion run) throws TemplateException {
            run.write(Values.text(pipeline.value(run)));
        }
    }

    /** {@code {{ $name := pipeline }}}, or with {@code =} where the variable is there. */
    record Set(String name, boolean declares, Operand pipeline) implements Node {
        @Override
        public void write(Expansion run) throws TemplateException {
            Object value = pipeline.value(run);
            if (declares) {
                run.declare(name, value);
            } else {
                run.assign(name, value);
            }
        }
    }

    /**
     * {@code {{ if }}} or {@code {{ with }}}.
     *
     * @param variable that gets the value; empty for none
     * @param movesDot whether the dot is the value inside
     */
    record Branch(String variable, Operand condition, boolean movesDot, Sequence then, Sequence otherwise)
            implements Node {
        @Override
        public void write(Expansion run) throws TemplateException {
            int known = run.known();
            Object value = condition.value(run);
            if (!variable.isEmpty()) {
                run.declare(variable, value);
            }
            if (!Values.isTrue(value)) {
                otherwise.write(run);
            } else if (movesDot) {
                inside(run, value, then);
            } else {
                then.write(run);
            }
            run.forget(known);
        }
    }

    /** {@code {{ range $key, $value := pipeline }}}; the names are empty where there are none. */
    record Range(String key, String element, Operand pipeline, Sequence body, Sequence otherwise) implements Node {
        @Override
        public void write(Expansion run) throws TemplateException {
            Object over = pipeline.value(run);
            if (!Values.isTrue(over)) {
                otherwise.write(run);
            } else if (over instanceof List<?> list) {
                for (int i = 0; i < list.size(); i++) {
                    once(run, (long) i, list.get(i));
                }
            } else if (over instanceof Map<?, ?> map) {
                for (Object name : map.keySet().stream().sorted().toList()) {
                    once(run, name, map.get(name));
                }
            } else {
                throw new TemplateException("template: range can't iterate over " + Values.text(over));
            }
        }

        private void once(Expansion run, Object at, @Nullable Object value) throws TemplateException {
            Object one = value == null ? "" : value;
            int known = run.known();
            if (!key.isEmpty()) {
                run.declare(key, at);
            }
            if (!element.isEmpty()) {
                run.declare(element, one);
            }
            inside(run, one, body);
            run.forget(known);
        }
    }

    private static void inside(Expansion run, Object dot, Sequence body) throws TemplateException {
        Object before = run.dot();
        run.dot(dot);
        body.write(run);
        run.dot(before);
    }
}
