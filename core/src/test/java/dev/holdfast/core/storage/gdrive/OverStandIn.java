package dev.holdfast.core.storage.gdrive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.GoogleDriveRoot;
import dev.holdfast.core.storage.PutMode;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageSpec;
import dev.holdfast.core.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** A stand-in server and drivers on it, for tests of what only Drive does. */
abstract class OverStandIn {
    static final String ROOT = "Holdfast";

    final StandInServer server;
    private final List<StorageDriver> opened = new ArrayList<>();

    OverStandIn() throws IOException {
        server = new StandInServer();
    }

    @AfterEach
    void close() throws Exception {
        for (StorageDriver driver : opened) {
            driver.close();
        }
        server.close();
    }

    /** One more host. */
    final StorageDriver host() {
        return host(new GoogleDriveRoot.Named(ROOT));
    }

    final StorageDriver host(GoogleDriveRoot root) {
        StorageDriver driver = new GoogleDriveDriver(
                new StorageSpec.GoogleDrive(root, StandInTokens.LOGIN), StandInServer.endpoints(server.address()));
        opened.add(driver);
        return driver;
    }

    static ObjectKey key(String text) {
        return new ObjectKey(text);
    }

    static void put(StorageDriver driver, String key, String text) throws IOException {
        driver.put(key(key), Body.of(text.getBytes(UTF_8)), PutMode.REPLACE);
    }

    static void putIfAbsent(StorageDriver driver, String key, String text) throws IOException {
        driver.put(key(key), Body.of(text.getBytes(UTF_8)), PutMode.IF_ABSENT);
    }

    static String text(StorageDriver driver, String key) throws IOException {
        try (InputStream in = driver.get(key(key), ByteRange.ALL).orElseThrow()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    static List<String> keys(StorageDriver driver) throws IOException {
        return driver.list("", Optional.empty()).items().stream()
                .map(StoredObject::key)
                .map(ObjectKey::text)
                .toList();
    }
}
