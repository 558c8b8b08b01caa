package dev.holdfast.shim.postgres;

import dev.holdfast.shim.restore.RestoreFailedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One database as the evidence of a snapshot describes it. */
record SavedDatabase(String name, String stream, DatabaseFacts facts, RowCounts counts) {
    static List<SavedDatabase> all(Map<String, Object> evidence) throws RestoreFailedException {
        if (!"postgresql".equals(evidence.get("engine"))
                || !(evidence.get("databases") instanceof Map<?, ?> databases)) {
            throw new RestoreFailedException("the snapshot is not one of PostgreSQL");
        }
        List<SavedDatabase> all = new ArrayList<>();
        for (Map.Entry<?, ?> entry : databases.entrySet()) {
            String name = String.valueOf(entry.getKey());
            if (!(entry.getValue() instanceof Map<?, ?> tree)
                    || !(tree.get("stream") instanceof String stream)
                    || !(tree.get("properties") instanceof Map<?, ?> properties)) {
                throw new RestoreFailedException("the snapshot's evidence about database " + name + " is not whole");
            }
            Map<String, Object> facts = new LinkedHashMap<>();
            properties.forEach((key, value) -> facts.put(String.valueOf(key), value));
            all.add(new SavedDatabase(name, stream, new DatabaseFacts(name, facts), RowCounts.ofEvidence(tree)));
        }
        return all;
    }
}
