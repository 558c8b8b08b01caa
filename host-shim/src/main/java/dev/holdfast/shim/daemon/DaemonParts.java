package dev.holdfast.shim.daemon;

import dev.holdfast.core.catalog.Catalog;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * What a daemon works with.
 *
 * @param owner this process, as the holder of leases
 * @param notifications where alerts go
 */
public record DaemonParts(
        Catalog catalog,
        String owner,
        Clock clock,
        SecureRandom random,
        ConfiguredSources sources,
        Repositories repositories,
        Starter starter,
        Notifications notifications,
        DaemonLog log) {}
