package dev.holdfast.shim.postgres;

import dev.holdfast.core.model.Secret;
import java.util.Optional;

/**
 * What the user says about a server, over what its container says ({@code POSTGRES_USER}, {@code POSTGRES_DB}, {@code
 * POSTGRES_PASSWORD} and their {@code _FILE} forms).
 *
 * @param user the role to connect as; to back up every database and role it should be a superuser
 * @param database the database to connect to first, for looking around
 * @param containerUser the operating system user inside the container, for servers that want peer authentication
 */
public record PostgresSettings(
        Optional<String> user, Optional<Secret> password, Optional<String> database, Optional<String> containerUser) {
    /** Everything as the container says. */
    public static PostgresSettings fromContainer() {
        return new PostgresSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public PostgresSettings withUser(String name) {
        return new PostgresSettings(Optional.of(name), password, database, containerUser);
    }

    public PostgresSettings withPassword(Secret secret) {
        return new PostgresSettings(user, Optional.of(secret), database, containerUser);
    }
}
