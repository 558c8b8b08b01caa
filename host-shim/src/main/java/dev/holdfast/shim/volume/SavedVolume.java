package dev.holdfast.shim.volume;

import dev.holdfast.core.source.files.HostFolder;
import dev.holdfast.core.source.files.TarReport;
import dev.holdfast.shim.docker.MountPoint;
import dev.holdfast.shim.docker.MountPoint.Kind;
import dev.holdfast.shim.docker.VolumeAccess;
import dev.holdfast.shim.folder.SavedFolder;
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
 * @param way it was read
 */
record SavedVolume(
        String stream,
        Kind kind,
        String name,
        String source,
        String destination,
        long entries,
        long contentBytes,
        String sha256,
        Way way,
        Shape shape) {
    /** What was mounted. */
    enum Shape {
        FOLDER,
        /** One file of the host, mounted on its own. */
        SINGLE_FILE
    }

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

    static Map<String, Object> evidence(MountPoint mount, Way way, VolumeReading reading) {
        TarReport report = reading.report();
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
        evidence.put("way", way.word());
        evidence.put("notKept", way.notKept());
        evidence.put("findings", reading.findings());
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
                    sha256,
                    Way.of(tree.get("way")),
                    tree.get("kinds") instanceof Map<?, ?> kinds && !kinds.containsKey("directory")
                            ? Shape.SINGLE_FILE
                            : Shape.FOLDER));
        }
        return all;
    }

    /** The same as folders, by the paths that the container saw; a volume that was backed up by its name is {@code /}. */
    static List<SavedFolder> folders(Map<String, Object> evidence) throws RestoreFailedException {
        return all(evidence).stream().map(SavedVolume::folder).toList();
    }

    private SavedFolder folder() {
        if (shape == Shape.FOLDER) {
            return new SavedFolder(
                    stream, new HostFolder(destination.isEmpty() ? "/" : destination), VolumeAccess.ROOT);
        }
        int slash = destination.lastIndexOf('/');
        return new SavedFolder(
                stream,
                new HostFolder(slash <= 0 ? "/" : destination.substring(0, slash)),
                VolumeAccess.ROOT.named(destination.substring(slash + 1)));
    }

    /** For messages. */
    String told() {
        return kind == Kind.VOLUME ? "volume " + name : "bind mount " + source;
    }
}
