package dev.holdfast.shim.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** Stops, pauses and resumes containers, and says what they have mounted. */
public final class ContainerControl {
    private final Engine engine;

    public ContainerControl(Engine engine) {
        this.engine = engine;
    }

    /** What becomes of a container that is stopped. */
    public enum AfterStop {
        STAYS,
        /** It was started with {@code --rm}. */
        IS_REMOVED
    }

    /**
     * A container with its mounts.
     *
     * @param startedAt when it was last started, as the engine writes it: another text means that it was started again
     * @param exitCode of its last run; 0 while it runs
     */
    public record Inspected(
            Container container, String startedAt, long exitCode, AfterStop afterStop, List<MountPoint> mounts) {
        public Inspected {
            mounts = List.copyOf(mounts);
        }

        public String name() {
            return container.name();
        }

        public boolean isRunning() {
            return container.isRunning();
        }
    }

    /** By name, id or beginning of an id. */
    public Inspected inspect(String nameOrId) throws EngineException {
        InspectContainerResponse found;
        try {
            found = Engine.call(
                    () -> engine.client().inspectContainerCmd(nameOrId).exec());
        } catch (NotFoundException e) {
            throw new EngineException.ContainerNotFound(nameOrId);
        }
        Long exitCode = found.getState().getExitCodeLong();
        return new Inspected(
                Engine.container(found),
                Objects.requireNonNullElse(found.getState().getStartedAt(), ""),
                exitCode == null ? 0 : exitCode,
                Boolean.TRUE.equals(found.getHostConfig().getAutoRemove()) ? AfterStop.IS_REMOVED : AfterStop.STAYS,
                mounts(found));
    }

    /** All containers that have a volume mounted, stopped ones too. */
    public List<Inspected> using(String volume) throws EngineException {
        List<Inspected> using = new ArrayList<>();
        var listed = Engine.call(() -> engine.client()
                .listContainersCmd()
                .withShowAll(true)
                .withVolumeFilter(List.of(volume))
                .exec());
        for (var one : listed) {
            Map<String, String> labels = Objects.requireNonNullElse(one.getLabels(), Map.of());
            if (labels.containsKey(VolumeAccess.LABEL)) {
                continue;
            }
            Inspected inspected = inspect(one.getId());
            // the filter also takes paths inside containers
            if (inspected.mounts().stream().anyMatch(mount -> mount.name().equals(volume))) {
                using.add(inspected);
            }
        }
        return using;
    }

    public void pause(Container container) throws IOException {
        changed(
                container,
                () -> engine.client().pauseContainerCmd(container.id()).exec());
    }

    public void unpause(Container container) throws IOException {
        changed(
                container,
                () -> engine.client().unpauseContainerCmd(container.id()).exec());
    }

    public void start(Container container) throws IOException {
        changed(
                container,
                () -> engine.client().startContainerCmd(container.id()).exec());
    }

    /** Waits until it has ended, which takes as long as the container was given for that. */
    public void stop(Container container) throws IOException {
        // not through docker-java, whose answers must come within seconds
        try (EngineHttp http = EngineHttp.ask(engine, "POST", "/containers/" + container.id() + "/stop")) {
            http.requireSuccess();
        }
    }

    private static void changed(Container container, Supplier<?> action) throws EngineException {
        try {
            Engine.call(() -> {
                try {
                    return String.valueOf(action.get());
                } catch (NotModifiedException already) {
                    return "";
                }
            });
        } catch (NotFoundException e) {
            throw new EngineException.ContainerNotFound(container.name());
        } catch (ConflictException e) {
            throw new EngineException.Unavailable(
                    "the Docker engine refused for container " + container.name() + ": " + e.getMessage(), e);
        }
    }

    private static List<MountPoint> mounts(InspectContainerResponse found) {
        List<MountPoint> mounts = new ArrayList<>();
        for (var mount : Objects.requireNonNullElse(found.getMounts(), List.<InspectContainerResponse.Mount>of())) {
            String name = Objects.requireNonNullElse(mount.getName(), "");
            String source = Objects.requireNonNullElse(mount.getSource(), "");
            String driver = Objects.requireNonNullElse(mount.getDriver(), "");
            if (mount.getDestination() == null || (name.isEmpty() && source.isEmpty())) {
                continue; // a tmpfs: nothing of it outlives the container
            }
            mounts.add(new MountPoint(
                    name.isEmpty() ? MountPoint.Kind.BIND : MountPoint.Kind.VOLUME,
                    name,
                    driver,
                    source,
                    mount.getDestination().getPath(),
                    Boolean.FALSE.equals(mount.getRW()) ? MountPoint.Access.READ : MountPoint.Access.WRITE));
        }
        return mounts;
    }
}
