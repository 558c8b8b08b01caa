package dev.holdfast.shim.mysql;

import dev.holdfast.shim.restore.RestoreFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One database as the evidence of a snapshot describes it.
 *
 * @param tables rows of each table, counted in the dump
 * @param code what views, routines, triggers and events it has, for people
 * @param codeOffset where they begin in the stream, in bytes
 */
record SavedDatabase(
        String name,
        String stream,
        String charset,
        String collation,
        Map<String, Long> tables,
        List<String> code,
        long codeOffset) {
    static List<SavedDatabase> all(Map<String, Object> evidence) throws RestoreFailedException {
        boolean ours = Flavour.MYSQL.label().equals(evidence.get("engine"))
                || Flavour.MARIADB.label().equals(evidence.get("engine"));
        if (!ours || !(evidence.get("databases") instanceof Map<?, ?> databases)) {
            throw new RestoreFailedException("the snapshot is not one of MySQL or MariaDB");
        }
        List<SavedDatabase> all = new ArrayList<>();
        for (Map.Entry<?, ?> entry : databases.entrySet()) {
            String name = String.valueOf(entry.getKey());
            if (!(entry.getValue() instanceof Map<?, ?> tree)
                    || !(tree.get("stream") instanceof String stream)
                    || !(tree.get("charset") instanceof String charset)
                    || !(tree.get("collation") instanceof String collation)
                    || !(tree.get("tables") instanceof Map<?, ?> counts)
                    || !(tree.get("code") instanceof List<?> code)
                    || !(tree.get("codeOffset") instanceof Number offset)) {
                throw new RestoreFailedException("the snapshot's evidence about database " + name + " is not whole");
            }
            Map<String, Long> tables = new TreeMap<>();
            counts.forEach((table, rows) -> {
                if (rows instanceof Number number) {
                    tables.put(String.valueOf(table), number.longValue());
                }
            });
            List<String> names = code.stream().map(String::valueOf).toList();
            all.add(new SavedDatabase(name, stream, charset, collation, tables, names, offset.longValue()));
        }
        return all;
    }
}
