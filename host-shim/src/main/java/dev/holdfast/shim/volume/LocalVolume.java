package dev.holdfast.shim.volume;

import dev.holdfast.core.source.files.CheckedTar;
import dev.holdfast.core.source.files.EntryKind;
import dev.holdfast.core.source.files.HostFolder;
import dev.holdfast.core.source.files.HostRights;
import dev.holdfast.core.source.files.TarEntry;
import dev.holdfast.shim.docker.MountPoint;
import dev.holdfast.shim.docker.MountPoint.Kind;
import dev.holdfast.shim.docker.VolumeAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Finds the folder of this host that is a volume, and proves it. That the engine names a path says little: it may be on another machine, in
 * another container or in a machine within this one, and a folder of the same path may be here too, with other data.
 *
 * <p>The proof has two parts. The engine keeps volumes in {@code ROOT/volumes/NAME/_data} and containers in {@code ROOT/containers/ID}, and the
 * id of the container that was made just now to reach this volume is a number of 256 bits that it drew: where that folder is, ROOT is the
 * engine's. And the volume's top folder has here the owner, mode and time that the engine's archive gives it, which also fails where the engine counts
 * users otherwise than this host (rootless, {@code userns-remap}).
 */
final class LocalVolume {
    /** A volume in use may change between the two looks. */
    private static final int LOOKS = 3;

    private LocalVolume() {}

    /** The folder; empty where there is none, where it is not proved, and where this process could not read all of it. */
    static Optional<HostFolder> find(VolumeAccess access, VolumeAccess.Opened opened, MountPoint mount)
            throws IOException {
        if (mount.kind() != Kind.VOLUME || !HostRights.areRoots()) {
            return Optional.empty();
        }
        Optional<String> folder = access.plainFolder(mount.name());
        if (folder.isEmpty() || !isOfTheEngine(folder.get(), mount.name(), opened.container())) {
            return Optional.empty();
        }
        for (int look = 0; look < LOOKS; look++) {
            if (isSame(Path.of(folder.get()), opened)) {
                return Optional.of(new HostFolder(folder.get()));
            }
        }
        return Optional.empty();
    }

    private static boolean isOfTheEngine(String folder, String volume, String container) {
        String tail = "/volumes/" + volume + "/_data";
        if (!folder.startsWith("/") || !folder.endsWith(tail) || !container.matches("[0-9a-f]{64}")) {
            return false;
        }
        Path root = Path.of(folder.substring(0, folder.length() - tail.length()));
        return Files.isDirectory(root.resolve("containers").resolve(container), LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isSame(Path folder, VolumeAccess.Opened opened) throws IOException {
        try (CheckedTar tar = new CheckedTar(opened.read(), folder.toString())) {
            Optional<TarEntry> top = tar.nextEntry();
            return top.isPresent() && agrees(top.get(), folder);
        }
    }

    private static boolean agrees(TarEntry top, Path folder) throws IOException {
        Map<String, Object> here;
        try {
            here = Files.readAttributes(folder, "unix:uid,gid,mode,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return false;
        }
        return top.kind() == EntryKind.DIRECTORY
                && here.get("uid") instanceof Integer uid
                && top.uid() == Integer.toUnsignedLong(uid)
                && here.get("gid") instanceof Integer gid
                && top.gid() == Integer.toUnsignedLong(gid)
                && here.get("mode") instanceof Integer mode
                && top.permissions() == (mode & 07777)
                && here.get("lastModifiedTime") instanceof FileTime time
                && top.modified().getEpochSecond() == time.to(TimeUnit.SECONDS);
    }
}
