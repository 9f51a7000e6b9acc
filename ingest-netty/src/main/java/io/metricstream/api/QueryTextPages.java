package io.metricstream.api;

import io.metricstream.http.ApiException;
import io.metricstream.http.ApiRequest;
import io.metricstream.http.BadParameterException;
import io.metricstream.http.Refusal;
import io.metricstream.promql.parse.Expr;
import io.metricstream.promql.parse.ParseException;
import io.metricstream.promql.parse.PromParser;
import io.metricstream.promql.text.GoText;
import java.io.OutputStream;

/** What can be said of the text of a query alone. Stateless. */
final class QueryTextPages {
    private QueryTextPages() {}

    /** Its canonical text. */
    static void format(ApiRequest request, OutputStream out) throws ApiException {
        Expr expr = expr(request);
        JsonReply.writePlain(out, json -> json.writeString(expr.toString()));
    }

    /** Its tree. */
    static void parse(ApiRequest request, OutputStream out) throws ApiException {
        Expr expr = expr(request);
        JsonReply.writePlain(out, json -> expr.accept(new ExprJson(json)));
    }

    /** Its exemplars: none, as none are stored, and those who ask want to be told so rather than refused. */
    static void exemplars(ApiRequest request, OutputStream out) throws ApiException {
        Expr unused = expr(request);
        long start = request.parameters().time("start", Long.MIN_VALUE);
        long end = request.parameters().time("end", Long.MAX_VALUE);
        if (end < start) {
            throw new BadParameterException("end", "end timestamp must not be before start timestamp");
        }
        JsonReply.writePlain(out, json -> {
            json.writeStartArray();
            json.writeEndArray();
        });
    }

    private static Expr expr(ApiRequest request) throws ApiException {
        try {
            return PromParser.parse(QueryPages.query(request.parameters()));
        } catch (ParseException e) {
            throw new ApiException(Refusal.of(
                    400,
                    "invalid_parameter",
                    "invalid parameter \"query\": " + GoText.toUtf8(String.valueOf(e.getMessage()))));
        }
    }
}
