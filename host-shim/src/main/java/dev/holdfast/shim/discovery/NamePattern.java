package dev.holdfast.shim.discovery;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names that a user asks for: {@code *} stands for any characters, {@code ?} for one; without either it is a name. */
public record NamePattern(String text) {
    public NamePattern {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a name pattern must not be empty");
        }
    }

    public boolean matches(String name) {
        String regex = text.chars()
                .mapToObj(c -> switch (c) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(c));
                })
                .collect(Collectors.joining());
        return Pattern.matches(regex, name);
    }

    @Override
    public String toString() {
        return text;
    }
}
