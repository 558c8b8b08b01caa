package dev.holdfast.core.catalog.sqlite;

import dev.holdfast.core.catalog.CatalogException;
import dev.holdfast.core.catalog.CatalogUnavailableException;
import dev.holdfast.core.catalog.CatalogUnreadableException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** One connection, used by one thread at a time: statements, transactions, and errors in our words. */
final class Database implements AutoCloseable {
    private final Path file;
    private final Connection connection;

    Database(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /** What is done with the connection. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws SQLException, IOException;
    }

    synchronized <T> T read(Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (SQLException e) {
            throw translated(file, e);
        }
    }

    /** One transaction that holds the write lock from its first statement on, so that what it read is still so when it writes. */
    synchronized <T> T change(Work<T> work) throws IOException {
        return read(() -> {
            update("BEGIN IMMEDIATE");
            try {
                T result = work.run();
                update("COMMIT");
                return result;
            } catch (SQLException | IOException | RuntimeException e) {
                rollBack(e);
                throw e;
            }
        });
    }

    /** SQLite has rolled back by itself after some errors, and then refuses: the first error is the one to tell. */
    private void rollBack(Exception reason) {
        try {
            update("ROLLBACK");
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    int update(String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepared(sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    PreparedStatement prepared(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    /** A column of milliseconds since the epoch that may be NULL. */
    static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        long milliseconds = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(milliseconds));
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw translated(file, e);
        }
    }

    static CatalogException translated(Path file, SQLException e) {
        int code = e instanceof SQLiteException sqlite
                ? sqlite.getResultCode().code & 0xff
                : SQLiteErrorCode.SQLITE_ERROR.code;
        if (code == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return new CatalogUnreadableException(file + " is not a catalog: it is no SQLite file", e);
        }
        if (code == SQLiteErrorCode.SQLITE_CORRUPT.code) {
            return new CatalogUnreadableException(
                    "the catalog " + file
                            + " is damaged; move it away, and the next run begins a new one: the backups are not in it",
                    e);
        }
        if (code == SQLiteErrorCode.SQLITE_BUSY.code) {
            return new CatalogUnavailableException("the catalog " + file + " is locked by another process", e);
        }
        return new CatalogUnavailableException("the catalog " + file + " cannot be used: " + e.getMessage(), e);
    }
}
