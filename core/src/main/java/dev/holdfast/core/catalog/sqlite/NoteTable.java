package dev.holdfast.core.catalog.sqlite;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Optional;

/** Small texts by key. */
final class NoteTable {
    private final Database database;

    NoteTable(Database database) {
        this.database = database;
    }

    Optional<String> get(String key) throws IOException {
        return database.read(() -> {
            try (PreparedStatement statement = database.prepared("SELECT text FROM note WHERE key = ?", key);
                    ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getString("text")) : Optional.empty();
            }
        });
    }

    void put(String key, String text) throws IOException {
        database.change(() -> database.update(
                "INSERT INTO note (key, text) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET text = excluded.text",
                key,
                text));
    }
}
