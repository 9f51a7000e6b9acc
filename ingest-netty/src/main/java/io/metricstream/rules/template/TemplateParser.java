package io.metricstream.rules.template;

import io.metricstream.own.OwnedBy;
import io.metricstream.own.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes pieces of a template's text. Lives inside one call; fails with the place of what is wrong or not supported. */
@OwnedBy(Role.RULES)
final class TemplateParser {
    private static final String OPENING = "{{";
    private static final Set<String> UNSUPPORTED = Set.of("define", "template", "block", "break", "continue");
    /** What ends a sequence. */
    private enum Ending {
        TEXT,
        END,
        ELSE
    }

    private final String in;
    private final Scope scope = new Scope();
    private int at;
    private int depth;
    private boolean trimNext;
    private ActionParser action;
    private Ending ending = Ending.TEXT;

    TemplateParser(String in) {
        this.in = in;
        this.action = new ActionParser(in, in.length(), scope);
    }

    Node.Sequence parse() throws TemplateException {
        Node.Sequence whole = sequence();
        if (ending != Ending.TEXT) {
            throw TemplateException.at(
                    in, action.keywordAt(), "unexpected {{" + (ending == Ending.END ? "end" : "else") + "}}");
        }
        return whole;
    }

    /** Everything up to the end of the text, {@code {{end}}} or {@code {{else}}}, of which the braces are read. */
    private Node.Sequence sequence() throws TemplateException {
        int known = scope.size();
        var nodes = new ArrayList<Node>();
        while (true) {
            int open = in.indexOf(OPENING, at);
            boolean trims = open >= 0 && in.startsWith("- ", open + 2);
            addText(in.substring(at, open < 0 ? in.length() : open), trims, nodes);
            if (open < 0) {
                at = in.length();
                ending = Ending.TEXT;
                break;
            }
            at = open + (trims ? 4 : 2);
            if (isComment()) {
                continue;
            }
            action = new ActionParser(in, at, scope);
            String keyword = action.keyword();
            if (keyword.equals("end") || keyword.equals("else")) {
                ending = keyword.equals("end") ? Ending.END : Ending.ELSE;
                if (ending == Ending.END) {
                    finishAction();
                }
                break;
            }
            nodes.add(node(keyword, open));
        }
        scope.cut(known);
        return new Node.Sequence(nodes);
    }

    private Node node(String keyword, int open) throws TemplateException {
        if (UNSUPPORTED.contains(keyword)) {
            throw TemplateException.at(in, open, "{{" + keyword + "}} is not supported");
        }
        if (keyword.isEmpty()) {
            Node node = action.output();
            finishAction();
            return node;
        }
        if (++depth > Template.MOST_DEPTH) {
            throw TemplateException.at(in, open, "nested deeper than " + Template.MOST_DEPTH);
        }
        Node node = keyword.equals("range") ? range(open) : branch(keyword, open);
        depth--;
        return node;
    }

    private Node branch(String keyword, int open) throws TemplateException {
        int known = scope.size();
        String variable = action.declaredName();
        Operand condition = action.pipeline();
        finishAction();
        if (!variable.isEmpty()) {
            scope.add(variable);
        }
        Node.Sequence then = sequence();
        Node.Sequence otherwise = otherwise(open);
        scope.cut(known);
        return new Node.Branch(variable, condition, keyword.equals("with"), then, otherwise);
    }

    private Node range(int open) throws TemplateException {
        int known = scope.size();
        List<String> names = action.rangeNames();
        Operand pipeline = action.pipeline();
        finishAction();
        names.forEach(scope::add);
        Node.Sequence body = sequence();
        Node.Sequence otherwise = otherwise(open);
        scope.cut(known);
        String key = names.size() == 2 ? names.get(0) : "";
        String element = names.isEmpty() ? "" : names.get(names.size() - 1);
        return new Node.Range(key, element, pipeline, body, otherwise);
    }

    /** What stands behind {@code {{else}}}, up to the end; empty where there is none. */
    private Node.Sequence otherwise(int open) throws TemplateException {
        if (ending == Ending.TEXT) {
            throw TemplateException.at(in, open, "found no {{end}} for this action");
        }
        if (ending == Ending.END) {
            return new Node.Sequence(List.of());
        }
        String chained = action.keyword();
        if (chained.equals("if") || chained.equals("with")) {
            return new Node.Sequence(List.of(node(chained, open)));
        }
        int elseAt = action.keywordAt();
        finishAction();
        Node.Sequence otherwise = sequence();
        if (ending != Ending.END) {
            throw TemplateException.at(in, elseAt, "found no {{end}} for this {{else}}");
        }
        return otherwise;
    }

    private void addText(String text, boolean trimsEnd, List<Node> nodes) {
        String kept = trimNext ? text.stripLeading() : text;
        kept = trimsEnd ? kept.stripTrailing() : kept;
        trimNext = false;
        if (!kept.isEmpty()) {
            nodes.add(new Node.Text(kept));
        }
    }

    private boolean isComment() throws TemplateException {
        if (!in.startsWith("/*", at)) {
            return false;
        }
        int close = in.indexOf("*/", at + 2);
        if (close < 0) {
            throw TemplateException.at(in, at, "unclosed comment");
        }
        var lexer = new ActionLexer(in, close + 2);
        if (lexer.next().kind() != ActionLexer.Kind.END) {
            throw TemplateException.at(in, at, "comment ends before closing delimiter");
        }
        at = lexer.end();
        trimNext = lexer.trimsAfter();
        return true;
    }

    private void finishAction() throws TemplateException {
        action.finish();
        at = action.end();
        trimNext = action.trimsAfter();
    }
}
