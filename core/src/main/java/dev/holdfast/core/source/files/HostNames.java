package dev.holdfast.core.source.files;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Names of owners as this host knows them, each asked for once. */
final class HostNames implements TarHeaders.Names {
    private final Posix posix;
    private final Map<Long, Optional<String>> users = new HashMap<>();
    private final Map<Long, Optional<String>> groups = new HashMap<>();

    HostNames(Posix posix) {
        this.posix = posix;
    }

    @Override
    public Optional<String> user(long uid) {
        return users.computeIfAbsent(uid, posix::userName);
    }

    @Override
    public Optional<String> group(long gid) {
        return groups.computeIfAbsent(gid, posix::groupName);
    }
}
