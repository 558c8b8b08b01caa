package dev.holdfast.shim.volume;

import dev.holdfast.shim.docker.ContainerControl;
import dev.holdfast.shim.docker.ContainerControl.AfterStop;
import dev.holdfast.shim.docker.ContainerControl.Inspected;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.docker.MountPoint;
import dev.holdfast.shim.docker.MountPoint.Access;
import dev.holdfast.shim.docker.MountPoint.Kind;
import dev.holdfast.shim.docker.VolumeAccess;
import dev.holdfast.shim.restore.SnapshotStreams;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the volumes of a snapshot go, and who uses those places.
 *
 * @param running containers, each once
 */
record VolumeTargets(List<Target> targets, List<Inspected> running) {
    /** One saved volume and its place. */
    record Target(SavedVolume saved, MountPoint mount) {}

    /**
     * Finds them; changes nothing.
     *
     * @param to as in {@link VolumesRestore#prepare}
     */
    static VolumeTargets find(Engine engine, Optional<String> to, SnapshotStreams snapshot, List<SavedVolume> wanted)
            throws IOException {
        String container = String.valueOf(snapshot.evidence().getOrDefault("container", ""));
        List<MountPoint> mounts = container.isEmpty()
                ? byName(engine, to.orElse(wanted.getFirst().name()))
                : byPlace(engine, to.orElse(container), wanted);
        ContainerControl control = new ContainerControl(engine);
        Map<String, Inspected> running = new LinkedHashMap<>();
        if (!container.isEmpty()) {
            keepRunning(control.inspect(to.orElse(container)), running);
        }
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            MountPoint mount = mounts.get(i);
            if (mount.kind() == Kind.VOLUME) {
                for (Inspected using : control.using(mount.name())) {
                    keepRunning(using, running);
                }
            }
            targets.add(new Target(wanted.get(i), mount));
        }
        return new VolumeTargets(targets, List.copyOf(running.values()));
    }

    private static void keepRunning(Inspected one, Map<String, Inspected> running) throws EngineException {
        String state = one.container().state();
        if (state.equals("paused") || state.equals("restarting")) {
            throw new EngineException.ServiceRefused(
                    "container " + one.name() + " is " + state + ": stop it, or let it run, before the restore");
        }
        if (one.isRunning() && one.afterStop() == AfterStop.IS_REMOVED) {
            throw new EngineException.ServiceRefused("container " + one.name()
                    + " was started with --rm, so a stop would remove it: stop it yourself before the restore");
        }
        if (one.isRunning()) {
            running.put(one.container().id(), one);
        }
    }

    private static List<MountPoint> byName(Engine engine, String name) throws IOException {
        return List.of(new VolumeAccess(engine)
                .find(name)
                .orElse(new MountPoint(Kind.VOLUME, name, "local", "", "", Access.WRITE)));
    }

    private static List<MountPoint> byPlace(Engine engine, String to, List<SavedVolume> saved) throws IOException {
        Inspected container = new ContainerControl(engine).inspect(to);
        List<MountPoint> mounts = new ArrayList<>();
        for (SavedVolume volume : saved) {
            mounts.add(container.mounts().stream()
                    .filter(mount -> mount.destination().equals(volume.destination()))
                    .findFirst()
                    .orElseThrow(() -> new EngineException.ServiceRefused("container " + container.name()
                            + " has nothing mounted at " + volume.destination() + ", where " + volume.told()
                            + " was")));
        }
        return mounts;
    }
}
