package dev.holdfast.core.config;

import java.util.List;

/**
 * A repository.
 *
 * @param storage name of its storage
 * @param prefix what stands before all its keys in the storage, with a slash at its end; empty for none
 * @param recipients public keys that it is sealed to when the daemon makes it; empty: a key is made and kept on this host
 */
public record RepositorySettings(String storage, String prefix, List<String> recipients) {
    /** The name of the one that is there when the file names none. */
    public static final String DEFAULT_NAME = "default";

    public RepositorySettings {
        recipients = List.copyOf(recipients);
    }
}
