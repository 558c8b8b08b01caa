package dev.holdfast.shim.discovery;

import dev.holdfast.shim.docker.Container;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The program that a container runs, behind its entry point: {@code postgres} of {@code docker-entrypoint.sh postgres -c x=y}. A database's image
 * also serves as a tool, to take a dump or to wait for a server, and then the container is no database.
 *
 * @param name without folder; empty when only an entry point or options were given, so that the image decides
 */
record Program(String name, List<String> arguments) {
    private static final Set<String> BEFORE =
            Set.of("tini", "dumb-init", "catatonit", "docker-init", "--", "env", "exec");
    private static final Set<String> SHELLS = Set.of("sh", "bash", "ash", "dash");
    private static final Set<String> TOOLS = Set.of(
            "psql",
            "pg_dump",
            "pg_dumpall",
            "pg_restore",
            "pg_basebackup",
            "pg_isready",
            "pg_receivewal",
            "pgbench",
            "createdb",
            "dropdb",
            "createuser",
            "vacuumdb",
            "reindexdb",
            "mysql",
            "mysqldump",
            "mysqladmin",
            "mysqlsh",
            "mysqlcheck",
            "mysqlpump",
            "mariadb",
            "mariadb-dump",
            "mariadb-admin",
            "mariadb-check",
            "mariadb-backup",
            "mongo",
            "mongosh",
            "mongodump",
            "mongorestore",
            "mongoexport",
            "mongoimport",
            "sleep",
            "tail",
            "cat",
            "true",
            "cron",
            "crond",
            "supercronic");
    /** The program, and the type that it is. MariaDB too was started as mysqld, so that this one says nothing alone. */
    private static final Map<String, String> SERVERS = Map.of(
            "postgres", "postgres",
            "postmaster", "postgres",
            "mariadbd", "mariadb",
            "mariadbd-safe", "mariadb",
            "mongod", "mongo");

    private static final Pattern STARTS_SERVER = Pattern.compile(
            "(?:^|[;&|\\n(]|\\b(?:exec|gosu\\s+\\S+|su-exec\\s+\\S+))\\s*(?:\\S*/)?"
                    + "([\\w.-]*entrypoint\\.sh|postgres|postmaster|mysqld|mysqld_safe|mariadbd|mariadbd-safe|mongod)(?=\\s|$|;)");

    private static final Pattern WORDS = Pattern.compile("[\\s;&|()]+");

    static Program of(List<String> command) {
        int at = 0;
        while (at < command.size()) {
            String word = last(command.get(at));
            if (word.equals("gosu") || word.equals("su-exec")) {
                at += 2; // and the user
            } else if (BEFORE.contains(word) || word.endsWith("entrypoint.sh")) {
                at++;
            } else {
                break;
            }
        }
        if (at >= command.size() || command.get(at).startsWith("-")) {
            return new Program("", List.of());
        }
        return new Program(last(command.get(at)), command.subList(at + 1, command.size()));
    }

    /** Whether it is surely something else than a server. What is not known may be one: a backup that fails is noticed, a missing one is not. */
    boolean isTool() {
        if (SHELLS.contains(name)) {
            String script = String.join("\n", arguments);
            return !STARTS_SERVER.matcher(script).find()
                    && (arguments.isEmpty()
                            || WORDS.splitAsStream(script).anyMatch(word -> TOOLS.contains(last(word))));
        }
        return TOOLS.contains(name);
    }

    /** The type label of the server it is, if its name says so, with the variables that the images set where the name alone is not enough. */
    Optional<String> server(Container container) {
        if (name.equals("mysqld") || name.equals("mysqld_safe")) {
            if (container.variable("MARIADB_VERSION").isPresent()) {
                return Optional.of("mariadb");
            }
            return container
                    .variable("MYSQL_VERSION")
                    .or(() -> container.variable("MYSQL_MAJOR"))
                    .map(_ -> "mysql");
        }
        return Optional.ofNullable(SERVERS.get(name));
    }

    private static String last(String word) {
        return word.substring(word.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    }
}
