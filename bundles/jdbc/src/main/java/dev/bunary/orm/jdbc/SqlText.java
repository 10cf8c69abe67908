package dev.bunary.orm.jdbc;

import dev.bunary.orm.driver.InvalidQueryException;
import java.util.Locale;

/** Looks at the text of a statement without parsing it: its first keyword, and whether a second statement follows. */
final class SqlText {
    private SqlText() {}

    /** What the statement does. The common SELECT is told without making a string. */
    static StatementKind kind(String sql) {
        if (sql == null) {
            throw new InvalidQueryException("the SQL text is null; give one statement");
        }
        int start = skipBlank(sql, 0);
        if (sql.regionMatches(true, start, "SELECT", 0, 6)) {
            return StatementKind.READ;
        }
        return switch (word(sql, start)) {
            case "" ->
                throw new InvalidQueryException("the SQL text does not begin with a keyword; give one statement");
            case "VALUES", "EXPLAIN" -> StatementKind.READ;
            case "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "WITH" -> StatementKind.CHANGE;
            case "BEGIN", "START", "COMMIT", "END" -> StatementKind.TRANSACTION;
            case "ROLLBACK" -> hasWord(sql, "TO") ? StatementKind.SAVEPOINT : StatementKind.TRANSACTION;
            case "SAVEPOINT", "RELEASE" -> StatementKind.SAVEPOINT;
            default -> StatementKind.OTHER;
        };
    }

    /**
     * Whether text follows the first semicolon that ends a statement: one outside quotes, comments, and the body of a
     * CREATE TRIGGER.
     */
    static boolean hasSecondStatement(String sql) {
        if (sql.indexOf(';') < 0) {
            return false;
        }
        boolean mayHaveBody = word(sql, skipBlank(sql, 0)).equals("CREATE");
        int depth = 0;
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            int afterComment = skipComment(sql, at);
            if (c == ';' && depth == 0) {
                return skipSeparators(sql, at) < sql.length();
            } else if (afterComment != at) {
                at = afterComment;
            } else if (isQuote(c)) {
                at = skipQuoted(sql, at);
            } else if (mayHaveBody && Character.isJavaIdentifierStart(c)) {
                int end = skipIdentifier(sql, at);
                depth = Math.max(0, depth + nesting(sql.substring(at, end)));
                at = end;
            } else {
                at++;
            }
        }
        return false;
    }

    /** A body is BEGIN ... END, and may hold CASE ... END. */
    private static int nesting(String word) {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "BEGIN", "CASE" -> 1;
            case "END" -> -1;
            default -> 0;
        };
    }

    private static int skipIdentifier(String sql, int start) {
        int end = start;
        while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean hasWord(String sql, String word) {
        for (int at = 0; at < sql.length(); at++) {
            int afterComment = skipComment(sql, at);
            if (afterComment != at) {
                at = afterComment - 1;
            } else if (Character.isLetter(sql.charAt(at))) {
                String found = word(sql, at);
                if (found.equals(word)) {
                    return true;
                }
                at += found.length() - 1;
            }
        }
        return false;
    }

    private static String word(String sql, int start) {
        int end = start;
        while (end < sql.length() && Character.isLetter(sql.charAt(end))) {
            end++;
        }
        return sql.substring(start, end).toUpperCase(Locale.ROOT);
    }

    private static int skipSeparators(String sql, int start) {
        int at = start;
        while (at < sql.length() && sql.charAt(at) == ';') {
            at = skipBlank(sql, at + 1);
        }
        return at;
    }

    private static int skipBlank(String sql, int start) {
        int at = start;
        while (at < sql.length()) {
            if (Character.isWhitespace(sql.charAt(at))) {
                at++;
                continue;
            }
            int afterComment = skipComment(sql, at);
            if (afterComment == at) {
                return at;
            }
            at = afterComment;
        }
        return at;
    }

    private static int skipComment(String sql, int at) {
        if (sql.startsWith("--", at)) {
            int end = sql.indexOf('\n', at);
            return end < 0 ? sql.length() : end + 1;
        }
        if (sql.startsWith("/*", at)) {
            int end = sql.indexOf("*/", at + 2);
            return end < 0 ? sql.length() : end + 2;
        }
        return at;
    }

    private static boolean isQuote(char c) {
        return c == '\'' || c == '"' || c == '`' || c == '[';
    }

    private static int skipQuoted(String sql, int at) {
        char open = sql.charAt(at);
        int end = sql.indexOf(open == '[' ? ']' : open, at + 1);
        return end < 0 ? sql.length() : end + 1;
    }
}
