package dev.holdfast.shim.mysql;

import dev.holdfast.core.model.Secret;
import java.util.Optional;

/**
 * What the user says about a server, over what its container says ({@code MYSQL_ROOT_PASSWORD}, {@code MARIADB_ROOT_PASSWORD} and so on).
 *
 * @param user the account to connect as; to back up every database and account it should be root
 */
public record MysqlSettings(Optional<String> user, Optional<Secret> password) {
    /** Everything as the container says. */
    public static MysqlSettings fromContainer() {
        return new MysqlSettings(Optional.empty(), Optional.empty());
    }

    public MysqlSettings withUser(String name) {
        return new MysqlSettings(Optional.of(name), password);
    }

    public MysqlSettings withPassword(Secret secret) {
        return new MysqlSettings(user, Optional.of(secret));
    }
}
