package dev.holdfast.shim.mongo;

import dev.holdfast.shim.restore.RestoreFailedException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An archive as the evidence of its snapshot describes it.
 *
 * @param documents by collection, counted in the archive
 * @param oplog whether what was written meanwhile is in it
 */
record SavedArchive(String serverVersion, boolean oplog, Map<Namespace, Long> documents, Set<Namespace> views) {
    static SavedArchive of(Map<String, Object> evidence) throws RestoreFailedException {
        if (!MongoType.LABEL.equals(evidence.get("engine"))
                || !(evidence.get("databases") instanceof Map<?, ?> databases)
                || !(evidence.get("oplog") instanceof Boolean oplog)) {
            throw new RestoreFailedException("the snapshot is not one of MongoDB");
        }
        Map<Namespace, Long> documents = new TreeMap<>();
        Set<Namespace> views = new TreeSet<>();
        for (Map.Entry<?, ?> entry : databases.entrySet()) {
            String name = String.valueOf(entry.getKey());
            if (!(entry.getValue() instanceof Map<?, ?> tree) || !(tree.get("tables") instanceof Map<?, ?> tables)) {
                throw new RestoreFailedException("the snapshot's evidence about database " + name + " is not whole");
            }
            tables.forEach((collection, count) -> {
                if (count instanceof Number number) {
                    documents.put(new Namespace(name, String.valueOf(collection)), number.longValue());
                }
            });
            if (tree.get("views") instanceof Iterable<?> names) {
                names.forEach(view -> views.add(new Namespace(name, String.valueOf(view))));
            }
        }
        return new SavedArchive(String.valueOf(evidence.get("serverVersion")), oplog, documents, views);
    }

    Set<String> databases() {
        Set<String> names = new TreeSet<>();
        documents.keySet().forEach(namespace -> names.add(namespace.database()));
        views.forEach(namespace -> names.add(namespace.database()));
        return names;
    }
}
