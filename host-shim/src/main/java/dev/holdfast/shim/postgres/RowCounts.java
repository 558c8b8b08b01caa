package dev.holdfast.shim.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much is in a database, as the session's snapshot sees it. Names are {@code schema.table} as SQL would quote them.
 *
 * @param tables rows of each table and partition, and of each partitioned table the sum of its partitions; without foreign tables, tables
 *     of extensions, and temporary tables
 * @param materializedViews rows of each populated materialized view; a restore computes them anew
 * @param sequences last value of each sequence that was ever used
 */
record RowCounts(
        Map<String, Long> tables, Map<String, Long> materializedViews, Map<String, Long> sequences, long largeObjects) {
    private static final int UNLOCK_EVERY = 50;

    private static final String RELATIONS = """
            SELECT jsonb_agg(jsonb_build_object(
                'oid', c.oid::bigint,
                'name', format('%I.%I', n.nspname, c.relname),
                'kind', c.relkind,
                'populated', c.relispopulated,
                'leaves', CASE WHEN c.relkind = 'p' THEN
                    (SELECT jsonb_agg(t.relid::oid::bigint) FROM pg_partition_tree(c.oid) t WHERE t.isleaf) END
                ) ORDER BY c.relkind = 'p', n.nspname, c.relname)::text
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
                AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
                AND NOT EXISTS (SELECT FROM pg_depend e
                    WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')""";

    private static final String SEQUENCES = """
            SELECT jsonb_strip_nulls(jsonb_object_agg(format('%I.%I', schemaname, sequencename), last_value))::text
            FROM pg_sequences""";

    /**
     * Counts in the transaction the session is in, and gives back on the way the locks that this takes: a server has room for so many, and pg_dump
     * needs one for each table itself.
     */
    static RowCounts takeInTransaction(PsqlSession session) throws IOException {
        session.execute("SAVEPOINT counting");
        RowCounts counts = take(session, () -> session.execute("ROLLBACK TO SAVEPOINT counting"));
        session.execute("ROLLBACK TO SAVEPOINT counting");
        return counts;
    }

    /** Counts what is there now, each table by itself. */
    static RowCounts take(PsqlSession session) throws IOException {
        return take(session, () -> {});
    }

    /** Gives back locks. */
    @FunctionalInterface
    private interface Unlocking {
        void unlock() throws IOException;
    }

    /** Reads every table once. */
    private static RowCounts take(PsqlSession session, Unlocking unlocking) throws IOException {
        Map<String, Long> tables = new TreeMap<>();
        Map<String, Long> views = new TreeMap<>();
        Map<Long, Long> byOid = new HashMap<>();
        int counted = 0;
        for (JsonNode relation : session.json(RELATIONS)) {
            String name = relation.path("name").asText();
            switch (relation.path("kind").asText()) {
                case "p" -> tables.put(name, sum(relation.path("leaves"), byOid));
                case "m" -> {
                    if (relation.path("populated").asBoolean()) {
                        views.put(name, count(session, name));
                    }
                }
                default -> {
                    long rows = count(session, name);
                    tables.put(name, rows);
                    byOid.put(relation.path("oid").asLong(), rows);
                }
            }
            if (++counted % UNLOCK_EVERY == 0) {
                unlocking.unlock();
            }
        }
        Map<String, Long> sequences = new TreeMap<>();
        session.json(SEQUENCES)
                .properties()
                .forEach(entry -> sequences.put(entry.getKey(), entry.getValue().asLong()));
        long largeObjects = Long.parseLong(session.execute("SELECT count(*) FROM pg_largeobject_metadata"));
        return new RowCounts(tables, views, sequences, largeObjects);
    }

    Map<String, Object> asEvidence() {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("tables", tables);
        evidence.put("materializedViews", materializedViews);
        evidence.put("sequences", sequences);
        evidence.put("largeObjects", largeObjects);
        return evidence;
    }

    /** The counts in a database's evidence. */
    static RowCounts ofEvidence(Map<?, ?> evidence) {
        long largeObjects = evidence.get("largeObjects") instanceof Number number ? number.longValue() : 0;
        return new RowCounts(
                longs(evidence.get("tables")),
                longs(evidence.get("materializedViews")),
                longs(evidence.get("sequences")),
                largeObjects);
    }

    private static Map<String, Long> longs(@org.jspecify.annotations.Nullable Object tree) {
        Map<String, Long> longs = new TreeMap<>();
        if (tree instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (value instanceof Number number) {
                    longs.put(String.valueOf(key), number.longValue());
                }
            });
        }
        return longs;
    }

    private static long count(PsqlSession session, String name) throws IOException {
        return Long.parseLong(session.execute("SELECT count(*) FROM ONLY " + name));
    }

    private static long sum(JsonNode leaves, Map<Long, Long> byOid) {
        long sum = 0;
        for (JsonNode leaf : leaves) {
            sum += byOid.getOrDefault(leaf.asLong(), 0L);
        }
        return sum;
    }
}
