package dev.holdfast.core.storage.gdrive;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of Drive's search language that the driver speaks: {@code 'id' in parents}, {@code name = 'text'},
 * {@code mimeType = 'text'}, {@code trashed = false}, joined by {@code and} or, in parentheses, by {@code or}. All else
 * is refused, and so is a quote that is not escaped.
 */
final class SearchTerms {
    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:'((?:[^'\\\\]|\\\\['\\\\])*)'|([a-zA-Z]+)|([()=]))(?=[\\s()=']|$)\\s*");

    private final StandInDrive drive;
    private final List<String> tokens = new ArrayList<>();
    private int at;
    private boolean namesParents;

    private SearchTerms(StandInDrive drive, String query) throws Refusal {
        this.drive = drive;
        Matcher matcher = TOKEN.matcher(query);
        int end = 0;
        while (end < query.length()) {
            if (!matcher.find(end) || matcher.start() != end) {
                throw Refusal.invalid("q", "Invalid Value");
            }
            String text = matcher.group(1);
            tokens.add(text == null ? matcher.group().strip() : "'" + text.replaceAll("\\\\(['\\\\])", "$1"));
            end = matcher.end();
        }
    }

    /** What a query asks of a file. */
    static Predicate<StandInFile> of(StandInDrive drive, String query) throws Refusal {
        SearchTerms terms = new SearchTerms(drive, query);
        Predicate<StandInFile> all = terms.term();
        while (terms.at < terms.tokens.size()) {
            terms.expect("and");
            all = all.and(terms.term());
        }
        if (!terms.namesParents) {
            throw Refusal.invalid("q", "the driver searches in folders only");
        }
        return all;
    }

    private Predicate<StandInFile> term() throws Refusal {
        String token = next();
        if (token.equals("(")) {
            Predicate<StandInFile> any = term();
            while (!peek().equals(")")) {
                expect("or");
                any = any.or(term());
            }
            expect(")");
            return any;
        }
        if (token.startsWith("'")) {
            expect("in");
            expect("parents");
            namesParents = true;
            String parent = drive.resolved(token.substring(1));
            return file -> file.parents().contains(parent);
        }
        expect("=");
        String value = next();
        return switch (token) {
            case "name" -> named(text(value));
            case "mimeType" -> {
                String type = text(value);
                yield file -> file.type().equals(type);
            }
            case "trashed" -> {
                if (!value.equals("false")) {
                    throw Refusal.invalid("q", "Invalid Value");
                }
                yield file -> !drive.isTrashed(file);
            }
            default -> throw Refusal.invalid("q", "Invalid Value");
        };
    }

    /** As users found it to be: without regard to case, nothing but ASCII, and late. */
    private Predicate<StandInFile> named(String name) {
        boolean ascii = name.chars().allMatch(c -> c < 0x80);
        return file -> ascii && drive.isIndexed(file) && file.name().equalsIgnoreCase(name);
    }

    private static String text(String token) throws Refusal {
        if (!token.startsWith("'")) {
            throw Refusal.invalid("q", "Invalid Value");
        }
        return token.substring(1);
    }

    private String peek() throws Refusal {
        if (at >= tokens.size()) {
            throw Refusal.invalid("q", "Invalid Value");
        }
        return tokens.get(at);
    }

    private String next() throws Refusal {
        String token = peek();
        at++;
        return token;
    }

    private void expect(String token) throws Refusal {
        if (!next().equals(token)) {
            throw Refusal.invalid("q", "Invalid Value");
        }
    }
}
