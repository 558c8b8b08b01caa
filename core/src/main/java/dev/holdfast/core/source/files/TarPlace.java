package dev.holdfast.core.source.files;

import java.io.IOException;
import java.util.List;

/**
 * Where an archive is restored to.
 *
 * @param target a folder of the host, made when it is missing; symbolic links on the way to it are followed
 * @param below a path in it, empty for the folder itself; its parts are made when they are missing, and no link is followed
 */
public record TarPlace(HostFolder target, String below) {
    public TarPlace {
        if (List.of(below.split("/", -1)).contains("..")) {
            throw new IllegalArgumentException("a place below a folder has no part ..");
        }
    }

    /** Whether the target is missing or has nothing in it. */
    public boolean isEmpty() throws IOException {
        Posix posix = new Posix();
        int flags = Posix.O_RDONLY | Posix.O_DIRECTORY;
        int descriptor = posix.open(Posix.AT_FDCWD, target.rawName(), flags, 0);
        if (descriptor == -Posix.ENOENT) {
            return true;
        }
        if (descriptor < 0) {
            throw new PosixException("cannot open the folder " + target, -descriptor);
        }
        try {
            return posix.entries(descriptor).isEmpty();
        } finally {
            posix.close(descriptor);
        }
    }

    String rawBelow() {
        return TarSelection.normalized(ByteNames.ofText(below));
    }

    String rawName() {
        return target.rawName() + "/" + rawBelow();
    }

    @Override
    public String toString() {
        return below.isEmpty() ? target.path() : (target.path().equals("/") ? "" : target.path()) + "/" + below;
    }
}
