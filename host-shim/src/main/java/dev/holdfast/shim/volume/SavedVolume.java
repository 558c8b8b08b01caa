package dev.holdfast.shim.volume;

import dev.holdfast.core.source.files.TarReport;
import dev.holdfast.shim.docker.MountPoint;
import dev.holdfast.shim.docker.MountPoint.Kind;
import dev.holdfast.shim.restore.RestoreFailedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One volume as the evidence of a snapshot describes it.
 *
 * @param stream its archive
 * @param name of the volume; empty for a bind mount
 * @param destination where the container saw it; empty when the volume was backed up by its name
 * @param entries of the archive, of every kind
 * @param sha256 of the archive
 */
record SavedVolume(
        String stream,
        Kind kind,
        String name,
        String source,
        String destination,
        long entries,
        long contentBytes,
        String sha256) {
    /** The name of a mount's stream. */
    static String stream(MountPoint mount) {
        return mount.kind() == Kind.VOLUME
                ? "volumes/" + mount.name() + ".tar"
                : "binds" + (mount.destination().startsWith("/") ? "" : "/") + mount.destination() + ".tar";
    }

    /** For messages. */
    static String told(MountPoint mount) {
        return mount.kind() == Kind.VOLUME ? "volume " + mount.name() : "bind mount " + mount.source();
    }

    static Map<String, Object> evidence(MountPoint mount, TarReport report) {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("stream", stream(mount));
        evidence.put("kind", mount.kind().name().toLowerCase(Locale.ROOT));
        evidence.put("name", mount.name());
        evidence.put("driver", mount.driver());
        evidence.put("source", mount.source());
        evidence.put("destination", mount.destination());
        evidence.put("kinds", report.kinds());
        evidence.put("entries", report.count());
        evidence.put("contentBytes", report.contentBytes());
        evidence.put("archiveBytes", report.archiveBytes());
        evidence.put("sha256", report.sha256());
        return evidence;
    }

    static List<SavedVolume> all(Map<String, Object> evidence) throws RestoreFailedException {
        if (!VolumesSource.ENGINE.equals(evidence.get("engine"))
                || !(evidence.get("volumes") instanceof List<?> volumes)) {
            throw new RestoreFailedException("the snapshot is not one of volumes");
        }
        List<SavedVolume> all = new ArrayList<>();
        for (Object volume : volumes) {
            if (!(volume instanceof Map<?, ?> tree)
                    || !(tree.get("stream") instanceof String stream)
                    || !(tree.get("kind") instanceof String kind)
                    || !(tree.get("name") instanceof String name)
                    || !(tree.get("source") instanceof String source)
                    || !(tree.get("destination") instanceof String destination)
                    || !(tree.get("entries") instanceof Number entries)
                    || !(tree.get("contentBytes") instanceof Number contentBytes)
                    || !(tree.get("sha256") instanceof String sha256)) {
                throw new RestoreFailedException("the snapshot's evidence about a volume is not whole");
            }
            all.add(new SavedVolume(
                    stream,
                    kind.equals("bind") ? Kind.BIND : Kind.VOLUME,
                    name,
                    source,
                    destination,
                    entries.longValue(),
                    contentBytes.longValue(),
                    sha256));
        }
        return all;
    }

    /** For messages. */
    String told() {
        return kind == Kind.VOLUME ? "volume " + name : "bind mount " + source;
    }
}
