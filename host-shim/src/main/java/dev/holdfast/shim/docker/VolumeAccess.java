package dev.holdfast.shim.docker;

import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.VolumeOptions;
import dev.holdfast.core.source.files.TarRoot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The content of volumes as archives, straight from the engine. Each volume is mounted into a container of its own that is created, never
 * started, and removed; its image is empty and imported from nothing, so none is pulled. The engine holds a container's lock while it reads
 * its archive (20.10), and so commands, health checks and {@code docker inspect} of the service would wait; of this container they need not.
 *
 * <p>Entries lie below {@code volume/} and are written to {@code /}: only then does the engine set the mode of a hard link again after it
 * has set the owner, which takes setuid and setgid away.
 */
public final class VolumeAccess {
    /** Marks the containers made here. */
    static final String LABEL = "dev.holdfast.volume";

    private static final String IMAGE = "holdfast/empty";
    private static final String TAG = "1";
    private static final String FOLDER = "volume";

    /** What stands for the volume itself in its archive. */
    public static final TarRoot ROOT = TarRoot.below(FOLDER);

    private static final int END_MARK_BYTES = 1024;

    private final Engine engine;

    public VolumeAccess(Engine engine) {
        this.engine = engine;
    }

    /** A volume by its name, as something to mount; its destination is empty. */
    public Optional<MountPoint> find(String volume) throws EngineException {
        try {
            InspectVolumeResponse found =
                    Engine.call(() -> engine.client().inspectVolumeCmd(volume).exec());
            return Optional.of(new MountPoint(
                    MountPoint.Kind.VOLUME,
                    found.getName(),
                    Objects.requireNonNullElse(found.getDriver(), ""),
                    Objects.requireNonNullElse(found.getMountpoint(), ""),
                    "",
                    MountPoint.Access.WRITE));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    /**
     * Where the engine's own driver keeps a volume on its host, as the engine says. Empty for a volume of another driver, and for one with
     * options: they may name a file system that is mounted only while the volume is used.
     */
    public Optional<String> plainFolder(String volume) throws EngineException {
        try {
            InspectVolumeResponse found =
                    Engine.call(() -> engine.client().inspectVolumeCmd(volume).exec());
            boolean plain = "local".equals(found.getDriver())
                    && Objects.requireNonNullElse(found.getOptions(), Map.of()).isEmpty();
            return plain ? Optional.ofNullable(found.getMountpoint()) : Optional.empty();
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    /** Makes a volume of the engine's own driver. */
    public void create(String volume) throws EngineException {
        Engine.call(() -> engine.client().createVolumeCmd().withName(volume).exec());
    }

    /**
     * Makes the container through which a volume is read or written.
     *
     * @param helper a name that no container has
     * @param access what may be done with the volume through it
     */
    public Opened open(String helper, MountPoint mount, MountPoint.Access access) throws IOException {
        makeImage();
        boolean volume = mount.kind() == MountPoint.Kind.VOLUME;
        Mount mounted = new Mount()
                .withType(volume ? MountType.VOLUME : MountType.BIND)
                .withSource(volume ? mount.name() : mount.source())
                .withTarget("/" + FOLDER)
                .withReadOnly(access == MountPoint.Access.READ);
        if (volume) {
            mounted.withVolumeOptions(new VolumeOptions().withNoCopy(true));
        }
        try {
            String id = Engine.call(() -> engine.client()
                            .createContainerCmd(IMAGE + ":" + TAG)
                            .withName(helper)
                            .withCmd("never-started")
                            .withLabels(Map.of(LABEL, volume ? mount.name() : mount.source()))
                            .withHostConfig(HostConfig.newHostConfig()
                                    .withNetworkMode("none")
                                    .withMounts(List.of(mounted)))
                            .exec())
                    .getId();
            return new Opened(id);
        } catch (NotFoundException | ConflictException e) {
            throw new EngineException.Unavailable(
                    "the Docker engine cannot mount " + mount.source() + ": " + e.getMessage(), e);
        }
    }

    /** Removes such a container, if it is there; the volume stays. */
    public void remove(String helper) throws EngineException {
        try {
            Engine.call(() -> {
                engine.client().removeContainerCmd(helper).withForce(true).exec();
                return "";
            });
        } catch (NotFoundException gone) {
            return;
        } catch (ConflictException e) {
            throw new EngineException.Unavailable(
                    "container " + helper + " could not be removed: " + e.getMessage(), e);
        }
    }

    private void makeImage() throws IOException {
        try {
            Engine.call(() -> engine.client().inspectImageCmd(IMAGE + ":" + TAG).exec());
        } catch (NotFoundException e) {
            InputStream nothing = new ByteArrayInputStream(new byte[END_MARK_BYTES]);
            String target = "/images/create?fromSrc=-&repo=" + IMAGE + "&tag=" + TAG;
            try (EngineHttp http = EngineHttp.ask(engine, "POST", target, nothing)) {
                http.requireSuccess().body().readAllBytes();
            }
        }
    }

    /** A volume that can be read or written. */
    public final class Opened {
        private final String container;

        private Opened(String container) {
            this.container = container;
        }

        /** The id of the container, which the engine has drawn by lot. */
        public String container() {
            return container;
        }

        /**
         * Its content as an archive. The engine answers also when it cannot read all of it, and then cuts the archive: look for its end
         * mark. Sockets, and files it cannot open, are left out without a word.
         */
        public InputStream read() throws IOException {
            EngineHttp http = EngineHttp.ask(engine, "GET", "/containers/" + container + "/archive?path=/" + FOLDER);
            try {
                return http.requireSuccess().body();
            } catch (IOException | RuntimeException e) {
                http.close();
                throw e;
            }
        }

        /** Puts an archive into it. What the archive does not name stays as it is. */
        public void write(InputStream tar) throws IOException {
            try (EngineHttp http = put(tar)) {
                http.requireSuccess();
            }
        }

        /**
         * Removes one entry of the volume's top folder, with all that is below it. The engine has no call for that. But it removes what is in
         * the place of an entry before it makes the entry, so it is given a hard link that cannot be made, to itself. Whether
         * that worked is for the caller to look at.
         *
         * @param tar of that hard link alone
         */
        public void provokeRemoval(InputStream tar) throws IOException {
            try (EngineHttp http = put(tar)) {
                if (http.status() < 400) {
                    throw new IOException("the Docker engine made a hard link of a file to itself");
                }
            }
        }

        private EngineHttp put(InputStream tar) throws IOException {
            return EngineHttp.ask(engine, "PUT", "/containers/" + container + "/archive?path=/", tar);
        }
    }
}
