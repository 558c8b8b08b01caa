package dev.holdfast.shim.mongo;

import dev.holdfast.core.model.Secret;
import dev.holdfast.shim.docker.ContainerEnvironment;
import dev.holdfast.shim.docker.EngineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Whom to connect as; empty when the server lets everyone in. */
record MongoLogin(Optional<Account> account) {
    /** A user of the database {@code admin}. */
    record Account(String user, Secret password) {}

    /**
     * The user's own words, else the root account of the container's settings: of the official image {@code MONGO_INITDB_ROOT_USERNAME} and {@code
     * …_PASSWORD}, of the community server's the same with {@code MONGODB_INITDB_…}, of Bitnami's {@code MONGODB_ROOT_USER} (root where not
     * set) and {@code MONGODB_ROOT_PASSWORD}.
     */
    static MongoLogin find(ContainerEnvironment environment, MongoSettings settings) throws IOException {
        Optional<String> user =
                first(environment, "MONGO_INITDB_ROOT_USERNAME", "MONGODB_INITDB_ROOT_USERNAME", "MONGODB_ROOT_USER");
        Optional<Secret> password = first(
                        environment,
                        "MONGO_INITDB_ROOT_PASSWORD",
                        "MONGODB_INITDB_ROOT_PASSWORD",
                        "MONGODB_ROOT_PASSWORD")
                .map(Secret::of);
        if (settings.user().isPresent() || settings.password().isPresent()) {
            String name = settings.user().or(() -> user).orElse("root");
            Secret secret = settings.password()
                    .or(() -> user.orElse("root").equals(name) ? password : Optional.empty())
                    .orElseThrow(() -> new EngineException.ServiceRefused(
                            "no password of MongoDB user " + name + " is known: set one for this source"));
            return of(name, secret);
        }
        return password.isPresent() ? of(user.orElse("root"), password.get()) : new MongoLogin(Optional.empty());
    }

    /** Arguments that name the account. */
    List<String> arguments() {
        return account.map(named -> List.of("--username=" + named.user(), "--authenticationDatabase=admin"))
                .orElse(List.of());
    }

    /**
     * What the tools read from stdin before anything else: a user without a password makes them ask for it, and where stdin is no terminal they
     * read it from there, byte by byte up to the line's end. So the archive can follow on the same stdin, and the password is in no process list, no
     * environment and no file.
     */
    byte[] line() {
        return account.map(named -> (named.password().reveal() + "\n").getBytes(StandardCharsets.UTF_8))
                .orElse(new byte[0]);
    }

    private static MongoLogin of(String user, Secret password) throws EngineException {
        // The tools' prompt takes these for keys: end of line, end of text, end of transmission, backspace, delete.
        boolean readable = password.reveal().chars().noneMatch(c -> c < 0x20 || c == 0x7f);
        if (password.reveal().isEmpty() || !readable) {
            throw new EngineException.ServiceRefused("the password of MongoDB user " + user
                    + " is empty or has control characters, which mongodump cannot be told: change it");
        }
        return new MongoLogin(Optional.of(new Account(user, password)));
    }

    private static Optional<String> first(ContainerEnvironment environment, String... names) throws IOException {
        for (String name : names) {
            Optional<String> value = environment.value(name);
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }
}
