package io.metricstream.api;

import io.metricstream.promql.parse.Expr;
import io.metricstream.promql.parse.ExprVisitor;
import io.metricstream.promql.parse.Matching;
import io.metricstream.promql.parse.Shift;
import io.metricstream.promql.parse.ValueType;
import io.metricstream.promql.text.GoNumber;
import io.metricstream.promql.text.GoText;
import io.metricstream.select.Matcher;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes an expression as the tree that Prometheus's page draws. Lives inside one answer; what it returns says nothing. */
final class ExprJson implements ExprVisitor<Boolean> {
    private final JsonGenerator json;

    ExprJson(JsonGenerator json) {
        this.json = json;
    }

    private void start(String type) {
        json.writeStartObject();
        json.writeStringProperty("type", type);
    }

    private boolean end() {
        json.writeEndObject();
        return true;
    }

    private void child(String name, @Nullable Expr expr) {
        json.writeName(name);
        if (expr == null) {
            json.writeNull();
        } else {
            boolean unused = expr.accept(this);
        }
    }

    private void texts(String name, List<String> texts) {
        json.writeArrayPropertyStart(name);
        texts.forEach(json::writeString);
        json.writeEndArray();
    }

    @Override
    public Boolean visit(Expr.NumberLiteral literal) {
        start("numberLiteral");
        json.writeStringProperty("val", GoNumber.plain(literal.value()));
        return end();
    }

    @Override
    public Boolean visit(Expr.StringLiteral literal) {
        start("stringLiteral");
        json.writeStringProperty("val", GoText.toUtf8(literal.value()));
        return end();
    }

    @Override
    public Boolean visit(Expr.VectorSelector selector) {
        start("vectorSelector");
        selector(selector);
        return end();
    }

    private void selector(Expr.VectorSelector selector) {
        json.writeStringProperty("name", selector.name());
        json.writeArrayPropertyStart("matchers");
        for (Matcher matcher : selector.matchers()) {
            json.writeStartObject();
            json.writeStringProperty("name", GoText.toUtf8(matcher.label()));
            json.writeStringProperty("type", matcher.op().text());
            json.writeStringProperty("value", GoText.toUtf8(matcher.value()));
            json.writeEndObject();
        }
        json.writeEndArray();
        shift(selector.shift());
    }

    private void shift(Shift shift) {
        json.writeNumberProperty("offset", shift.offsetMillis());
        json.writeName("timestamp");
        if (shift.at() == Shift.At.TIME) {
            json.writeNumber(shift.atMillis());
        } else {
            json.writeNull();
        }
        json.writeName("startOrEnd");
        if (shift.at() == Shift.At.START || shift.at() == Shift.At.END) {
            json.writeString(shift.at().name().toLowerCase(Locale.ROOT));
        } else {
            json.writeNull();
        }
    }

    @Override
    public Boolean visit(Expr.MatrixSelector matrix) {
        start("matrixSelector");
        json.writeNumberProperty("range", matrix.rangeMillis());
        selector(matrix.selector());
        return end();
    }

    @Override
    public Boolean visit(Expr.Subquery subquery) {
        start("subquery");
        json.writeNumberProperty("range", subquery.rangeMillis());
        json.writeNumberProperty("step", subquery.stepMillis());
        shift(subquery.shift());
        child("expr", subquery.inner());
        return end();
    }

    @Override
    public Boolean visit(Expr.Call call) {
        start("call");
        json.writeName("func");
        json.writeStartObject();
        json.writeStringProperty("name", call.function().text());
        texts(
                "argTypes",
                call.function().argumentTypes().stream()
                        .map(ValueType::shortText)
                        .toList());
        json.writeNumberProperty("variadic", call.function().variadic());
        json.writeStringProperty("returnType", call.type().shortText());
        json.writeEndObject();
        json.writeArrayPropertyStart("args");
        for (Expr argument : call.arguments()) {
            boolean unused = argument.accept(this);
        }
        json.writeEndArray();
        return end();
    }

    @Override
    public Boolean visit(Expr.Aggregate aggregate) {
        start("aggregation");
        json.writeStringProperty("op", aggregate.op().text());
        child("expr", aggregate.inner());
        child("param", aggregate.parameter());
        texts("grouping", aggregate.grouping());
        json.writeBooleanProperty("without", aggregate.without());
        return end();
    }

    @Override
    public Boolean visit(Expr.Binary binary) {
        start("binaryExpr");
        json.writeStringProperty("op", binary.op().text());
        child("lhs", binary.left());
        child("rhs", binary.right());
        json.writeName("matching");
        boolean vectors =
                binary.left().type() == ValueType.VECTOR && binary.right().type() == ValueType.VECTOR;
        if (vectors) {
            matching(binary.matching());
        } else {
            json.writeNull();
        }
        json.writeBooleanProperty("bool", binary.returnsBool());
        return end();
    }

    private void matching(Matching matching) {
        json.writeStartObject();
        json.writeStringProperty(
                "card", matching.cardinality().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        texts("labels", matching.labels());
        json.writeBooleanProperty("on", matching.on());
        texts("include", matching.include());
        json.writeEndObject();
    }

    @Override
    public Boolean visit(Expr.Unary unary) {
        start("unaryExpr");
        json.writeStringProperty("op", unary.negative() ? "-" : "+");
        child("expr", unary.inner());
        return end();
    }

    @Override
    public Boolean visit(Expr.Paren paren) {
        start("parenExpr");
        child("expr", paren.inner());
        return end();
    }
}
