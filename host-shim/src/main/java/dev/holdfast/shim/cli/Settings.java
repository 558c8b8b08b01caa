package dev.holdfast.shim.cli;

import dev.holdfast.core.config.StorageTypes;
import dev.holdfast.core.model.Secret;
import dev.holdfast.shim.host.Storages;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A storage's settings as given on the command line.
 *
 * @param plain by name
 * @param secrets by name, as references or sealed
 */
record Settings(Map<String, String> plain, Map<String, String> secrets) {
    /** Standard input, read by lines: one reader, or what it has read ahead would be lost. */
    static final BufferedReader INPUT = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    /** Takes {@code name=value} apart; asks for secrets that are to be asked for. */
    static Settings of(Storages storages, String storage, String type, List<String> words) throws IOException {
        Map<String, String> plain = new LinkedHashMap<>();
        Map<String, String> secrets = new LinkedHashMap<>();
        for (String setting : words) {
            int equals = setting.indexOf('=');
            String key = equals < 0 ? setting : setting.substring(0, equals);
            if (equals < 1 || equals == setting.length() - 1) {
                throw new IllegalArgumentException("setting " + key + " must be of the form name=value");
            }
            String value = setting.substring(equals + 1);
            if (StorageTypes.secrets(type).contains(key)) {
                secrets.put(key, reference(storages, storage, key, value));
            } else {
                plain.put(key, value);
            }
        }
        return new Settings(plain, secrets);
    }

    private static String reference(Storages storages, String storage, String key, String value) throws IOException {
        if (value.startsWith("env:") || value.startsWith("file:")) {
            return value;
        }
        if (!value.equals("ask")) {
            throw new IllegalArgumentException(
                    "secret " + key
                            + " must not stand on the command line, where every user of this machine can read it: use env:NAME, file:/path or ask");
        }
        return storages.seal(storage, key, ask(key));
    }

    private static Secret ask(String key) throws IOException {
        Optional<java.io.Console> terminal =
                Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal);
        if (terminal.isPresent()) {
            return Secret.of(Objects.requireNonNull(terminal.get().readPassword("%s: ", key)));
        }
        String line = INPUT.readLine();
        if (line == null) {
            throw new IOException("standard input ended before the secret " + key);
        }
        return Secret.of(line);
    }
}
