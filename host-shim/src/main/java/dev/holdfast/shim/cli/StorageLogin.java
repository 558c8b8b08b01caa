package dev.holdfast.shim.cli;

import dev.holdfast.core.config.StorageTypes;
import dev.holdfast.core.model.Secret;
import dev.holdfast.shim.host.StorageEntry;
import dev.holdfast.shim.host.Storages;
import dev.holdfast.shim.login.CodeSource;
import dev.holdfast.shim.login.LoginType;
import dev.holdfast.shim.login.OAuthApp;
import dev.holdfast.shim.login.OAuthLogin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Logs in to a storage, and keeps the refresh token sealed in its entry. */
final class StorageLogin {
    private final Storages storages;
    private final LoginType type;
    private final BufferedReader in;
    private final PrintStream out;

    /** @param in where a code is pasted */
    StorageLogin(Storages storages, LoginType type, BufferedReader in, PrintStream out) {
        this.storages = storages;
        this.type = type;
        this.in = in;
        this.out = out;
    }

    /**
     * Adds a storage, or logs in to one that is there, whose other settings stay.
     *
     * @param given settings by name
     * @param givenSecrets secret settings by name, as references or sealed
     */
    void run(String name, Map<String, String> given, Map<String, String> givenSecrets) throws IOException {
        if (!StorageTypes.NAMES.contains(type.type())) {
            throw new IllegalArgumentException("this version has no storage of type " + type.type());
        }
        Storages.requireName(name);
        if (givenSecrets.containsKey(LoginType.REFRESH_TOKEN)) {
            throw new IllegalArgumentException(LoginType.REFRESH_TOKEN + " is what the login brings: leave it out");
        }
        Optional<StorageEntry> old = Optional.ofNullable(storages.entries().get(name));
        old.filter(entry -> !entry.type().equals(type.type())).ifPresent(entry -> {
            throw new IllegalArgumentException(
                    "storage " + name + " is of type " + entry.type() + ", not " + type.type());
        });
        Map<String, String> settings =
                new LinkedHashMap<>(old.map(StorageEntry::settings).orElse(Map.of()));
        settings.putAll(given);
        Map<String, String> secrets =
                new LinkedHashMap<>(old.map(StorageEntry::secrets).orElse(Map.of()));
        secrets.putAll(givenSecrets);
        type.stale().forEach(secrets::remove);
        OAuthApp app = app(name, settings, secrets);
        requireValid(name, settings, secrets);

        Secret token;
        try (CodeSource codes = type.codes(in, out)) {
            token = new OAuthLogin(app, new SecureRandom()).run(codes);
        }
        secrets.put(LoginType.REFRESH_TOKEN, storages.seal(name, LoginType.REFRESH_TOKEN, token));
        storages.put(name, new StorageEntry(type.type(), settings, secrets));
        out.println("storage " + name + " is logged in; try it with: holdfast storage test " + name);
    }

    private OAuthApp app(String name, Map<String, String> settings, Map<String, String> secrets) throws IOException {
        String id = Optional.ofNullable(settings.get(type.clientId()))
                .orElseThrow(() -> new IllegalArgumentException("setting " + type.clientId() + " is missing"));
        Optional<String> reference = type.clientSecret().flatMap(setting -> Optional.ofNullable(secrets.get(setting)));
        if (type.clientSecret().isPresent() && reference.isEmpty()) {
            throw new IllegalArgumentException(
                    "secret setting " + type.clientSecret().get() + " is missing");
        }
        Optional<Secret> secret = reference.isEmpty()
                ? Optional.empty()
                : Optional.of(storages.reveal(name, type.clientSecret().orElseThrow(), reference.get()));
        return type.app(id, secret);
    }

    /** Before the user goes to the browser: a login that cannot be saved is a login for nothing. */
    private void requireValid(String name, Map<String, String> settings, Map<String, String> secrets)
            throws IOException {
        Map<String, Secret> revealed = new LinkedHashMap<>();
        for (Map.Entry<String, String> secret : secrets.entrySet()) {
            if (!secret.getKey().equals(LoginType.REFRESH_TOKEN)) {
                revealed.put(secret.getKey(), storages.reveal(name, secret.getKey(), secret.getValue()));
            }
        }
        revealed.put(LoginType.REFRESH_TOKEN, Secret.of("not-yet"));
        StorageTypes.spec(type.type(), settings, revealed);
    }
}
