package dev.holdfast.core.storage.gdrive;

import dev.holdfast.core.storage.DroppingProxy;
import dev.holdfast.core.storage.GoogleDriveRoot;
import dev.holdfast.core.storage.StorageContract;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** The contract, against a stand-in: no Google Drive can be reached from a test. */
class GoogleDriveDriverTest extends StorageContract {
    private final StandInServer server;

    GoogleDriveDriverTest() throws IOException {
        server = new StandInServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static StorageDriver at(InetSocketAddress address) {
        return new GoogleDriveDriver(
                new StorageSpec.GoogleDrive(new GoogleDriveRoot.Named("Holdfast"), StandInTokens.LOGIN),
                StandInServer.endpoints(address));
    }

    @Override
    protected StorageDriver open() {
        return at(server.address());
    }

    @Override
    protected Optional<InetSocketAddress> endpoint() {
        return Optional.of(server.address());
    }

    @Override
    protected StorageDriver openThrough(DroppingProxy proxy) {
        return at(proxy.address());
    }

    @Override
    protected boolean restartsServer() {
        return true;
    }

    @Override
    protected void restartServer() throws IOException {
        server.restart();
    }

    @Override
    protected int manyKeys() {
        return 2_000;
    }
}
