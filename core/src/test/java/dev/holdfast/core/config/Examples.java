package dev.holdfast.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Configuration files that are right. */
final class Examples {
    static final List<String> NAMES = List.of("ten-lines.yaml", "full.yaml");
    static final ConfigurationFile FILE =
            new ConfigurationFile(ZoneId.of("Europe/Vienna"), Set.of("postgres", "mysql", "mariadb", "mongodb"));

    private Examples() {}

    static String text(String name) {
        try (InputStream in = Objects.requireNonNull(Examples.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ParsedConfiguration parse(String text) {
        return FILE.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Each problem as one line, for the file {@code f}. */
    static List<String> problems(String text) {
        return parse(text).problems().stream().map(problem -> problem.in("f")).toList();
    }

    static Configuration right(String text) {
        ParsedConfiguration parsed = parse(text);
        return parsed.configuration().orElseThrow(() -> new AssertionError(parsed.problems()));
    }
}
