package dev.holdfast.core.repository;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.core.crypto.KeyType;
import dev.holdfast.core.crypto.WrappedKey;
import dev.holdfast.core.model.HostId;
import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.PackId;
import dev.holdfast.core.model.RepositoryId;
import dev.holdfast.core.model.RunId;
import dev.holdfast.core.model.SnapshotId;
import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.source.BackupSource.Consistency;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What anyone may read of a snapshot: no content and no names but the source's.
 *
 * @param plaintextBytes size of all streams
 * @param storedBytes bytes of the packs that this run added
 * @param packsSeen whether the host saw every reused pack before it committed
 * @param packs every pack the snapshot needs, in the order its chunks name them
 * @param runs every run whose chunks it needs, its own first; keys of earlier runs are copied forward, so that a
 *     snapshot never depends on another one
 */
public record SnapshotHeader(
        RepositoryId repository,
        SnapshotId snapshot,
        SourceName source,
        String engine,
        HostId host,
        Instant started,
        Instant finished,
        Consistency consistency,
        long plaintextBytes,
        long storedBytes,
        PacksSeen packsSeen,
        List<PackRef> packs,
        List<RunKeys> runs) {
    static final int FORMAT = 1;

    public SnapshotHeader {
        packs = List.copyOf(packs);
        runs = List.copyOf(runs);
    }

    /** Whether the writer looked for the packs it reuses. */
    public enum PacksSeen {
        YES,
        NO
    }

    /** The name this snapshot must have. */
    public ObjectKey key() {
        return Layout.snapshot(source, finished, snapshot);
    }

    byte[] encode() {
        ObjectNode json = Json.object();
        json.put("format", FORMAT);
        json.put("repository", repository.hex());
        json.put("snapshot", snapshot.hex());
        json.put("source", source.text());
        json.put("engine", engine);
        json.put("host", host.hex());
        json.put("started", started.toString());
        json.put("finished", finished.toString());
        json.put("consistency", label(consistency));
        json.put("plaintextBytes", plaintextBytes);
        json.put("storedBytes", storedBytes);
        json.put("packsSeen", label(packsSeen));
        ArrayNode packList = json.putArray("packs");
        for (PackRef pack : packs) {
            packList.addObject().put("id", pack.id().hex()).put("bytes", pack.bytes());
        }
        ArrayNode runList = json.putArray("runs");
        for (RunKeys run : runs) {
            ObjectNode item = runList.addObject().put("id", run.run().hex());
            ArrayNode keys = item.putArray("keys");
            for (WrappedKey key : run.keys()) {
                keys.addObject()
                        .put("type", key.type().label())
                        .put("id", key.recipientId())
                        .put("key", key.text());
            }
        }
        return Json.bytes(json);
    }

    static SnapshotHeader decode(String name, byte[] bytes) throws FormatException {
        Json json = Json.parse(name + " header", bytes);
        json.requireKnownFormat(FORMAT, List.of());
        return json.valid(() -> new SnapshotHeader(
                new RepositoryId(json.text("repository")),
                new SnapshotId(json.text("snapshot")),
                new SourceName(json.text("source")),
                json.text("engine"),
                new HostId(json.text("host")),
                json.time("started"),
                json.time("finished"),
                Consistency.valueOf(json.text("consistency").toUpperCase(Locale.ROOT)),
                json.number("plaintextBytes"),
                json.number("storedBytes"),
                PacksSeen.valueOf(json.text("packsSeen").toUpperCase(Locale.ROOT)),
                packs(json),
                runs(json)));
    }

    private static List<PackRef> packs(Json json) throws FormatException {
        List<PackRef> packs = new ArrayList<>();
        for (Json item : json.list("packs")) {
            packs.add(new PackRef(new PackId(item.text("id")), item.number("bytes")));
        }
        return packs;
    }

    private static List<RunKeys> runs(Json json) throws FormatException {
        List<RunKeys> runs = new ArrayList<>();
        for (Json item : json.list("runs")) {
            List<WrappedKey> keys = new ArrayList<>();
            for (Json key : item.list("keys")) {
                keys.add(new WrappedKey(KeyType.of(key.text("type")), key.text("id"), key.text("key")));
            }
            runs.add(new RunKeys(new RunId(item.text("id")), keys));
        }
        return runs;
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
