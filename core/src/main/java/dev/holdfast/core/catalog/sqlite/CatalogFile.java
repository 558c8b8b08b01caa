package dev.holdfast.core.catalog.sqlite;

import dev.holdfast.core.catalog.CatalogUnreadableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.sqlite.JDBC;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The file of a {@link SqliteCatalog}: its place, its modes, its schema and the version of it. */
final class CatalogFile {
    /** {@code PRAGMA user_version} of a schema after all steps below. */
    static final int VERSION = 2;
    /** {@code PRAGMA application_id}: "Hold". */
    static final int APPLICATION = 0x486f6c64;

    private static final int BUSY_TIMEOUT_MILLISECONDS = 30_000;
    /** <a href="https://www.sqlite.org/fileformat.html#the_database_header">The first 16 bytes of every database</a>. */
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /** What makes each version out of the one before, from nothing on. */
    private static final String[][] STEPS = {
        {
            """
            CREATE TABLE backup (
              number INTEGER PRIMARY KEY, run TEXT NOT NULL UNIQUE, repository TEXT NOT NULL, source TEXT NOT NULL,
              status TEXT NOT NULL, created INTEGER NOT NULL, started INTEGER, finished INTEGER,
              bytes_read INTEGER NOT NULL, bytes_stored INTEGER NOT NULL, snapshot TEXT, error TEXT
            ) STRICT""",
            "CREATE INDEX backup_by_creation ON backup (created)",
            "CREATE INDEX backup_by_source ON backup (source, created)",
            "CREATE INDEX backup_unfinished ON backup (created) WHERE status IN ('PENDING', 'RUNNING')",
            """
            CREATE TABLE lease (
              resource TEXT PRIMARY KEY, owner TEXT, token INTEGER NOT NULL, expires INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID""",
            "PRAGMA application_id = " + APPLICATION,
        },
        {
            "ALTER TABLE backup ADD COLUMN schedule TEXT",
            "ALTER TABLE backup ADD COLUMN due INTEGER",
            "ALTER TABLE backup ADD COLUMN attempt INTEGER",
            "ALTER TABLE backup ADD COLUMN not_before INTEGER",
            "CREATE UNIQUE INDEX backup_by_due ON backup (repository, source, due, attempt) WHERE due IS NOT NULL",
            "CREATE TABLE schedule (name TEXT PRIMARY KEY, last_due INTEGER NOT NULL) STRICT, WITHOUT ROWID",
            "CREATE TABLE note (key TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID",
        },
    };

    private CatalogFile() {}

    static Connection open(Path file) throws IOException, SQLException {
        createIfMissing(file);
        requireSqlite(file);
        NativeLibrary.keepIn(folderOf(file));
        Properties properties = new Properties();
        properties.setProperty("busy_timeout", Integer.toString(BUSY_TIMEOUT_MILLISECONDS));
        Connection connection = JDBC.createConnection("jdbc:sqlite:" + file.toAbsolutePath(), properties);
        boolean ready = false;
        try (Statement statement = connection.createStatement()) {
            prepare(file, statement);
            ready = true;
            return connection;
        } finally {
            if (!ready) {
                connection.close();
            }
        }
    }

    private static Path folderOf(Path file) {
        return Objects.requireNonNull(
                file.toAbsolutePath().getParent(), "a catalog cannot be the root of a file system");
    }

    private static void createIfMissing(Path file) throws IOException {
        Path folder = folderOf(file);
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] folderMode = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
        FileAttribute<?>[] fileMode = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        if (!Files.exists(folder)) {
            Files.createDirectories(folder, folderMode);
        }
        if (Files.exists(file)) {
            if (posix
                    && Files.isRegularFile(file)
                    && !Files.getPosixFilePermissions(file).equals(OWNER_ONLY)) {
                Files.setPosixFilePermissions(file, OWNER_ONLY);
            }
            return;
        }
        try {
            Files.createFile(file, fileMode);
        } catch (FileAlreadyExistsException another) {
            // Another process made it in between, with the same mode.
            requireSqlite(file);
        }
    }

    /** An empty file is a catalog that nobody has written yet; anything else must be SQLite's before SQLite may touch it. */
    private static void requireSqlite(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new CatalogUnreadableException(file + " is not a catalog: it is no regular file", null);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(MAGIC.length);
            if (start.length > 0 && !Arrays.equals(start, MAGIC)) {
                throw new CatalogUnreadableException(file + " is not a catalog: it is no SQLite file", null);
            }
        }
    }

    private static void prepare(Path file, Statement statement) throws IOException, SQLException {
        statement.execute("PRAGMA synchronous = FULL");
        // One transaction, so that all is read of one moment: another process may be making the schema.
        statement.execute("BEGIN");
        int version = version(file, statement);
        statement.execute("COMMIT");
        if (version < VERSION) {
            switchToWriteAheadLog(statement);
            statement.execute("BEGIN IMMEDIATE");
            // Rolled back by the connection's close when anything below fails.
            for (int step = version(file, statement); step < VERSION; step++) {
                for (String sql : STEPS[step]) {
                    statement.execute(sql);
                }
            }
            statement.execute("PRAGMA user_version = " + VERSION);
            statement.execute("COMMIT");
        }
        if (!text(statement, "PRAGMA journal_mode").equals("wal")) {
            switchToWriteAheadLog(statement);
        }
    }

    /** SQLite does not wait here: while another process switches the same new file it says at once that it is busy. */
    private static void switchToWriteAheadLog(Statement statement) throws IOException, SQLException {
        long start = System.nanoTime();
        while (true) {
            try {
                statement.execute("PRAGMA journal_mode = WAL");
                return;
            } catch (SQLiteException e) {
                boolean busy = (e.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
                if (!busy || System.nanoTime() - start > BUSY_TIMEOUT_MILLISECONDS * 1_000_000L) {
                    throw e;
                }
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while the catalog was opened");
            }
        }
    }

    /** 0 for a file that nobody has written yet. */
    private static int version(Path file, Statement statement) throws IOException, SQLException {
        int version = number(statement, "PRAGMA user_version");
        int application = number(statement, "PRAGMA application_id");
        if (version == 0 && application == 0 && number(statement, "SELECT count(*) FROM sqlite_schema") == 0) {
            return 0;
        }
        if (application != APPLICATION) {
            throw new CatalogUnreadableException(
                    file + " is a SQLite database of another application; choose another file for the catalog", null);
        }
        if (version > VERSION) {
            throw new CatalogUnreadableException(
                    "the catalog " + file + " has schema version " + version + ", this program knows up to " + VERSION
                            + "; use the newer program that wrote it",
                    null);
        }
        return version;
    }

    private static int number(Statement statement, String sql) throws SQLException {
        return Integer.parseInt(text(statement, sql));
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
