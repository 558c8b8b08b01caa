package dev.holdfast.shim.database;

import java.util.Locale;

/** What the streams of a snapshot are called after databases, whatever characters those have in their names. */
public final class StreamNames {
    private StreamNames() {}

    /** {@code databases/shop.sql}; control characters, {@code /} and {@code %} become {@code %} and two hexadecimal digits. */
    public static String ofDatabase(String database, String ending) {
        StringBuilder name = new StringBuilder("databases/");
        for (int i = 0; i < database.length(); i++) {
            char c = database.charAt(i);
            if (c < 0x20 || c == 0x7f || c == '/' || c == '%') {
                name.append(String.format(Locale.ROOT, "%%%02x", (int) c));
            } else {
                name.append(c);
            }
        }
        return name.append(ending).toString();
    }
}
