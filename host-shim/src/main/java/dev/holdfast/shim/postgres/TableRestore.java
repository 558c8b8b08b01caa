package dev.holdfast.shim.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.shim.docker.ExecResult;
import dev.holdfast.shim.docker.ExecStream;
import dev.holdfast.shim.restore.RestoreFailedException;
import dev.holdfast.shim.restore.RestoreOptions;
import dev.holdfast.shim.restore.RestoreReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings one table from a whole restore beside into the living database.
 *
 * <p>A table that is gone is made anew with its indexes, constraints, triggers and grants, in one transaction. A table that is there keeps its
 * definition, and its rows are exchanged in one transaction: its triggers do not fire and no row elsewhere is touched, so every foreign
 * key from and to it is checked before the commit; one row without a partner rolls everything back.
 */
final class TableRestore {
    /** For each foreign key from or to the table, a query that counts its rows without a partner. */
    private static final String FOREIGN_KEYS = """
            SELECT jsonb_agg(jsonb_build_object('name', k.conname, 'query', format(
                'SELECT count(*) FROM %s c WHERE %s AND NOT EXISTS (SELECT FROM %s p WHERE %s)',
                k.conrelid::regclass,
                (SELECT string_agg(format('c.%I IS NOT NULL', a.attname), ' AND ')
                    FROM unnest(k.conkey) u(n) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n),
                k.confrelid::regclass,
                (SELECT string_agg(format('p.%I OPERATOR(%I.%s) c.%I', f.attname, s.nspname, o.oprname, a.attname), ' AND ')
                    FROM unnest(k.conkey, k.confkey, k.conpfeqop) u(n, m, op)
                    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n
                    JOIN pg_attribute f ON f.attrelid = k.confrelid AND f.attnum = u.m
                    JOIN pg_operator o ON o.oid = u.op JOIN pg_namespace s ON s.oid = o.oprnamespace))))::text
            FROM pg_constraint k
            WHERE k.contype = 'f' AND k.convalidated AND (k.conrelid = {table} OR k.confrelid = {table})""";

    private static final String COLUMNS = """
            SELECT jsonb_agg(jsonb_build_object('name', attname, 'type', format_type(atttypid, atttypmod),
                'generated', attgenerated <> '') ORDER BY attname)::text
            FROM pg_attribute WHERE attrelid = {table} AND attnum > 0 AND NOT attisdropped""";

    private TableRestore() {}

    static List<String> plan(PostgresServer server, SavedDatabase database, String table) throws IOException {
        List<String> plan = new ArrayList<>();
        plan.add("restore database " + database.name()
                + " beside, under another name, and drop it in the end: it needs room for all of it");
        try (PsqlSession session = server.session(database.name())) {
            plan.add(
                    exists(session, table)
                            ? "replace the rows of table " + table + " by "
                                    + database.counts().tables().get(table)
                                    + " rows of the snapshot; the rows it has now are lost unless kept; its definition, indexes, grants and"
                                    + " sequences stay as they are now, its triggers do not fire"
                            : "create table " + table
                                    + " with its indexes, constraints, triggers and grants; views and foreign keys of"
                                    + " other tables that pointed at it are not made again");
        }
        return plan;
    }

    static RestoreReport.Rows copy(
            PostgresServer server,
            String from,
            String into,
            String table,
            RestoreOptions.Replaced replaced,
            List<String> warnings)
            throws IOException {
        try (PsqlSession source = server.session(from);
                PsqlSession target = server.session(into)) {
            if (exists(target, table)) {
                exchangeRows(server, source, target, from, table, replaced, warnings);
            } else {
                create(server, from, into, table);
            }
            return new RestoreReport.Rows(count(source, table), count(target, table));
        }
    }

    private static void create(PostgresServer server, String from, String into, String table) throws IOException {
        try (ExecStream dump = server.start(server.command(
                "pg_dump",
                "--format=custom",
                "--compress=0",
                "--no-password",
                "--table=" + table,
                "-d",
                server.connection(from)))) {
            ExecResult result = server.engine()
                    .run(
                            server.container(),
                            server.command(
                                    "pg_restore",
                                    "--single-transaction",
                                    "--exit-on-error",
                                    "--no-password",
                                    "-d",
                                    server.connection(into)),
                            dump.stdout());
            if (result.exitCode() != 0) {
                throw new RestoreFailedException("table " + table + " could not be made in database " + into
                        + ", which is as it was\n" + result.stderr());
            }
        }
    }

    private static void exchangeRows(
            PostgresServer server,
            PsqlSession source,
            PsqlSession target,
            String from,
            String table,
            RestoreOptions.Replaced replaced,
            List<String> warnings)
            throws IOException {
        String columns = columns(source, target, table);
        target.execute("BEGIN");
        target.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
        if (replaced == RestoreOptions.Replaced.KEEP) {
            warnings.add("the rows that " + table + " had are kept in table " + keepRows(target, table));
        }
        // Neither triggers nor ON DELETE CASCADE may run: only this table changes. The keys are checked below instead.
        target.execute("SET LOCAL session_replication_role = replica");
        // TRUNCATE also works without a replica identity, but refuses where foreign keys point at the table.
        boolean pointedAt = !target.execute(
                        "SELECT 1 FROM pg_constraint WHERE contype = 'f' AND confrelid = " + oid(table) + " LIMIT 1")
                .isEmpty();
        target.execute((pointedAt ? "DELETE FROM " : "TRUNCATE ") + rowsOf(target, table));
        try (ExecStream rows = server.start(server.command(
                "psql",
                "-X",
                "-q",
                "-w",
                "-v",
                "ON_ERROR_STOP=1",
                "-c",
                "SET row_security = off",
                "-c",
                "COPY (SELECT " + columns + " FROM " + rowsOf(source, table) + ") TO STDOUT",
                "-d",
                server.connection(from)))) {
            target.copyIn("COPY " + table + " (" + columns + ") FROM STDIN", rows.stdout());
        }
        for (JsonNode key : target.json(FOREIGN_KEYS.replace("{table}", oid(table)))) {
            long orphans = Long.parseLong(target.execute(key.path("query").asText()));
            if (orphans > 0) {
                throw new RestoreFailedException("table " + table + " is as it was: with the snapshot's rows, "
                        + orphans + " rows would have no partner under foreign key "
                        + key.path("name").asText());
            }
        }
        target.execute("COMMIT");
    }

    private static String keepRows(PsqlSession target, String table) throws IOException {
        String schema = target.execute(
                "SELECT nspname FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid WHERE c.oid = "
                        + oid(table));
        String name = target.execute("SELECT relname FROM pg_class WHERE oid = " + oid(table));
        String kept = Sql.identifier(schema) + "." + Sql.identifier(DatabaseSwap.beside(name, "replaced"));
        target.execute("CREATE TABLE " + kept + " AS SELECT * FROM " + rowsOf(target, table));
        return kept;
    }

    /** The columns to copy, checked to be the same on both sides. */
    private static String columns(PsqlSession source, PsqlSession target, String table) throws IOException {
        JsonNode then = source.json(COLUMNS.replace("{table}", oid(table)));
        JsonNode now = target.json(COLUMNS.replace("{table}", oid(table)));
        if (!then.equals(now)) {
            throw new RestoreFailedException(
                    "table " + table + " is as it was: its columns are no longer those of the snapshot, so the"
                            + " rows do not fit; restore the whole database, or rename the table and restore it anew");
        }
        List<String> names = new ArrayList<>();
        for (JsonNode column : then) {
            if (!column.path("generated").asBoolean()) {
                names.add(Sql.identifier(column.path("name").asText()));
            }
        }
        return String.join(", ", names);
    }

    private static boolean exists(PsqlSession session, String table) throws IOException {
        return !session.execute("SELECT to_regclass(" + Sql.literal(table) + ")")
                .isEmpty();
    }

    private static String oid(String table) {
        return "to_regclass(" + Sql.literal(table) + ")";
    }

    private static long count(PsqlSession session, String table) throws IOException {
        return Long.parseLong(session.execute("SELECT count(*) FROM " + rowsOf(session, table)));
    }

    /** A partitioned table stands for its partitions; any other for itself, without the tables that inherit from it. */
    private static String rowsOf(PsqlSession session, String table) throws IOException {
        String kind = session.execute("SELECT relkind FROM pg_class WHERE oid = " + oid(table));
        return kind.equals("p") ? table : "ONLY " + table;
    }
}
