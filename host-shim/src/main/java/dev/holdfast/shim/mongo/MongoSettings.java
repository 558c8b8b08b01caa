package dev.holdfast.shim.mongo;

import dev.holdfast.core.model.Secret;
import java.util.Optional;

/**
 * What the user says about a server, over what its container says.
 *
 * @param address where the server is as seen from inside the container, without credentials; empty means the tools' own default, localhost:27017
 * @param user the account to connect as; to back up everything it needs the role {@code backup}, to restore {@code restore}, or {@code root}
 */
public record MongoSettings(Optional<MongoAddress> address, Optional<String> user, Optional<Secret> password) {
    /** Everything as the container says. */
    public static MongoSettings fromContainer() {
        return new MongoSettings(Optional.empty(), Optional.empty(), Optional.empty());
    }

    public MongoSettings withAddress(MongoAddress at) {
        return new MongoSettings(Optional.of(at), user, password);
    }

    public MongoSettings withUser(String name) {
        return new MongoSettings(address, Optional.of(name), password);
    }

    public MongoSettings withPassword(Secret secret) {
        return new MongoSettings(address, user, Optional.of(secret));
    }
}
