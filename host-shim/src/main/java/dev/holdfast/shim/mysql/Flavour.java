package dev.holdfast.shim.mysql;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What differs between MySQL and MariaDB, of servers and of tools: an image may mix them. */
enum Flavour {
    MYSQL("mysql", "MySQL", "max_execution_time"),
    MARIADB("mariadb", "MariaDB", "max_statement_time");

    private final String label;
    private final String title;
    private final String timeLimit;

    Flavour(String label, String title, String timeLimit) {
        this.label = label;
        this.title = title;
        this.timeLimit = timeLimit;
    }

    /** Of a server's {@code VERSION()} or a tool's {@code --version}. */
    static Flavour of(String version) {
        return version.toLowerCase(Locale.ROOT).contains("mariadb") ? MARIADB : MYSQL;
    }

    /** The label of containers and the engine of snapshots. */
    String label() {
        return label;
    }

    String title() {
        return title;
    }

    /** Names of images, see {@link dev.holdfast.shim.database.ImageName#isAnyOf}. */
    Set<String> images() {
        return switch (this) {
            case MYSQL -> Set.of("mysql", "mysql-server", "percona", "percona-server", "percona-xtradb-cluster");
            case MARIADB -> Set.of("mariadb", "mariadb-galera", "mariadb-server", "alpine-mariadb", "mariadb-aria");
        };
    }

    /** Names of the client, the better one first. */
    List<String> clients() {
        return switch (this) {
            case MYSQL -> List.of("mysql", "mariadb");
            case MARIADB -> List.of("mariadb", "mysql");
        };
    }

    List<String> dumpTools() {
        return switch (this) {
            case MYSQL -> List.of("mysqldump", "mariadb-dump");
            case MARIADB -> List.of("mariadb-dump", "mysqldump");
        };
    }

    /** What the names of the container's settings begin with, the stronger one first. */
    List<String> settingPrefixes() {
        return switch (this) {
            case MYSQL -> List.of("MYSQL_", "MARIADB_");
            case MARIADB -> List.of("MARIADB_", "MYSQL_");
        };
    }

    /** Options that only this flavour's dump tool has or needs. */
    List<String> dumpOptions() {
        return switch (this) {
            // GTIDs would hinder a restore, and asking for them needs RELOAD. Histograms are read from a table that
            // MariaDB and MySQL 5.7 lack; a tool that knows nothing of them only warns of a loose option.
            case MYSQL -> List.of("--set-gtid-purged=OFF", "--loose-column-statistics=0");
            case MARIADB -> List.of();
        };
    }

    /** Options that only this flavour's client has or needs. */
    List<String> clientOptions() {
        return switch (this) {
            case MYSQL -> List.of();
            // Otherwise a statement that fails is printed whole, with the rows or password hashes in it.
            case MARIADB -> List.of("--loose-skip-print-query-on-error");
        };
    }

    /** A statement that lifts the time limit of queries in a session. */
    String noTimeLimit() {
        return "SET SESSION " + timeLimit + " = 0";
    }
}
