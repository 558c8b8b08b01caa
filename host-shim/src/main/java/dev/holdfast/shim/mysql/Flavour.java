package dev.holdfast.shim.mysql;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What differs between MySQL and MariaDB, of servers and of tools: an image may mix them. */
enum Flavour {
    MYSQL(
            "mysql",
            "MySQL",
            Set.of("mysql", "mysql-server", "percona", "percona-server", "percona-xtradb-cluster"),
            List.of("mysql", "mariadb"),
            List.of("mysqldump", "mariadb-dump"),
            List.of("MYSQL_", "MARIADB_"),
            // Asked of servers without GTIDs too; the histograms are read from a table that MariaDB and 5.7 lack.
            List.of("--set-gtid-purged=OFF", "--loose-column-statistics=0"),
            "SET SESSION max_execution_time = 0"),
    MARIADB(
            "mariadb",
            "MariaDB",
            Set.of("mariadb", "mariadb-galera", "mariadb-server", "alpine-mariadb", "mariadb-aria"),
            List.of("mariadb", "mysql"),
            List.of("mariadb-dump", "mysqldump"),
            List.of("MARIADB_", "MYSQL_"),
            List.of(),
            "SET SESSION max_statement_time = 0");

    private final String label;
    private final String title;
    private final Set<String> images;
    private final List<String> clients;
    private final List<String> dumpTools;
    private final List<String> settingPrefixes;
    private final List<String> dumpOptions;
    private final String noTimeLimit;

    Flavour(
            String label,
            String title,
            Set<String> images,
            List<String> clients,
            List<String> dumpTools,
            List<String> settingPrefixes,
            List<String> dumpOptions,
            String noTimeLimit) {
        this.label = label;
        this.title = title;
        this.images = images;
        this.clients = clients;
        this.dumpTools = dumpTools;
        this.settingPrefixes = settingPrefixes;
        this.dumpOptions = dumpOptions;
        this.noTimeLimit = noTimeLimit;
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

    Set<String> images() {
        return images;
    }

    /** Names of the client, the better one first. */
    List<String> clients() {
        return clients;
    }

    List<String> dumpTools() {
        return dumpTools;
    }

    /** What the names of the container's settings begin with, the stronger one first. */
    List<String> settingPrefixes() {
        return settingPrefixes;
    }

    /** Options that only this flavour's dump tool has or needs. */
    List<String> dumpOptions() {
        return dumpOptions;
    }

    /** A statement that lifts the time limit of queries in a session. */
    String noTimeLimit() {
        return noTimeLimit;
    }
}
