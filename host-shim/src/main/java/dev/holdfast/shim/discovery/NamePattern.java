package dev.holdfast.shim.discovery;

import java.util.regex.Pattern;

/** Names that a user asks for: {@code *} stands for any characters, {@code ?} for one; without either it is a name. */
public record NamePattern(String text) {
    public NamePattern {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a name pattern must not be empty");
        }
    }

    public boolean matches(String name) {
        StringBuilder regex = new StringBuilder();
        for (char c : text.toCharArray()) {
            regex.append(
                    switch (c) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return Pattern.matches(regex.toString(), name);
    }

    @Override
    public String toString() {
        return text;
    }
}
