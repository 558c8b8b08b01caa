package dev.holdfast.shim.mysql;

import dev.holdfast.core.model.Secret;
import dev.holdfast.shim.docker.ContainerEnvironment;
import java.io.IOException;
import java.util.Optional;

/** Whom to connect as. */
record MysqlLogin(String user, Optional<Secret> password) {
    /**
     * The user's own words, else root with its password of the container's settings, else the account the container was made with. An account
     * without its password is asked for only when there is nothing better: a socket may let root in by itself.
     */
    static MysqlLogin find(ContainerEnvironment environment, Flavour flavour, MysqlSettings settings)
            throws IOException {
        Optional<String> rootName = first(environment, flavour, "ROOT_USER");
        Optional<Secret> rootPassword =
                first(environment, flavour, "ROOT_PASSWORD").map(Secret::of);
        if (settings.user().isPresent() || settings.password().isPresent()) {
            String user = settings.user().or(() -> rootName).orElse("root");
            return new MysqlLogin(
                    user, settings.password().or(() -> user.equals("root") ? rootPassword : Optional.empty()));
        }
        if (rootPassword.isPresent() || emptyAllowed(environment, flavour)) {
            return new MysqlLogin(rootName.orElse("root"), rootPassword);
        }
        Optional<String> user = first(environment, flavour, "USER");
        Optional<Secret> password = first(environment, flavour, "PASSWORD").map(Secret::of);
        return user.isPresent() && password.isPresent()
                ? new MysqlLogin(user.get(), password)
                : new MysqlLogin(rootName.orElse("root"), Optional.empty());
    }

    private static boolean emptyAllowed(ContainerEnvironment environment, Flavour flavour) throws IOException {
        return first(environment, flavour, "ALLOW_EMPTY_ROOT_PASSWORD").isPresent()
                || first(environment, flavour, "ALLOW_EMPTY_PASSWORD").isPresent()
                || environment.value("ALLOW_EMPTY_PASSWORD").isPresent();
    }

    private static Optional<String> first(ContainerEnvironment environment, Flavour flavour, String name)
            throws IOException {
        for (String prefix : flavour.settingPrefixes()) {
            Optional<String> value = environment.value(prefix + name);
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }
}
