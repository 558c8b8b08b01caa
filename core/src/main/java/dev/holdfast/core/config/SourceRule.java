package dev.holdfast.core.config;

import dev.holdfast.core.model.SourceName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a service backs up. */
public sealed interface SourceRule {
    /**
     * Every database that discovery finds when it runs, that no other rule names.
     *
     * @param patterns only containers or sources with such a name ({@code scalr-*-db}); empty for all
     */
    record Discover(List<String> patterns) implements SourceRule {
        public Discover {
            patterns = List.copyOf(patterns);
        }
    }

    /**
     * The databases of one container.
     *
     * @param type for example {@code postgres}, where the image does not say
     */
    record Database(String container, Optional<String> type, SourceName name) implements SourceRule {}

    /** Every volume of a container. */
    record ContainerVolumes(String container, SourceName name, Optional<String> consistency) implements SourceRule {}

    /** One volume. */
    record Volume(String volume, SourceName name, Optional<String> consistency) implements SourceRule {}

    /** Folders of this host, all in one snapshot. */
    record Folders(List<Path> folders, List<String> exclude, boolean oneFileSystem, SourceName name)
            implements SourceRule {
        public Folders {
            folders = List.copyOf(folders);
            exclude = List.copyOf(exclude);
        }
    }

    /**
     * The output of a command.
     *
     * @param container where it runs; empty for this host
     * @param as name of the stream, for example {@code dump.rdb}
     */
    record Command(Optional<String> container, List<String> words, Optional<String> as, SourceName name)
            implements SourceRule {
        public Command {
            words = List.copyOf(words);
        }
    }
}
