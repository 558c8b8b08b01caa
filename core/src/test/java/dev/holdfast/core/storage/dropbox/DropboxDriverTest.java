package dev.holdfast.core.storage.dropbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.model.Secret;
import dev.holdfast.core.storage.DroppingProxy;
import dev.holdfast.core.storage.StorageContract;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageSpec;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The contract against the stand-in. */
class DropboxDriverTest extends StorageContract {
    private Optional<StandInDropbox> server = Optional.empty();

    @Override
    protected StorageDriver open() throws Exception {
        if (server.isEmpty()) {
            server = Optional.of(closedLater(new StandInDropbox()));
            server().files.makeFolder("/Backups of Hosts/app");
        }
        return driver(server().address());
    }

    private StandInDropbox server() {
        return server.orElseThrow();
    }

    static DropboxDriver driver(InetSocketAddress at) {
        return new DropboxDriver(spec("/backups of hosts/APP"), new DropboxHttp(uri -> StandInDropbox.routed(uri, at)));
    }

    static StorageSpec.Dropbox spec(String root) {
        return new StorageSpec.Dropbox(
                StandInDropbox.APP_KEY,
                Optional.of(Secret.of(StandInDropbox.APP_SECRET)),
                Secret.of(StandInDropbox.REFRESH_TOKEN),
                root);
    }

    @Override
    protected Optional<InetSocketAddress> endpoint() {
        return Optional.of(server().address());
    }

    @Override
    protected StorageDriver openThrough(DroppingProxy proxy) {
        return driver(proxy.address());
    }

    @Override
    protected boolean restartsServer() {
        return true;
    }

    @Override
    protected void restartServer() throws Exception {
        server().restart();
    }

    @Override
    protected int manyKeys() {
        return 4_500; // three answers of Dropbox
    }

    /** A name of 127 letters with two bytes each takes 763 characters. */
    @Override
    protected boolean allowsName(String part) {
        return !part.startsWith("\u00e9\u00e9");
    }

    @Test
    void whatDiffersInCaseAloneIsKeptApart() throws Exception {
        put("Packs/A", "one");
        put("packs/a", "two");
        put("packs/\u00c4", "three");
        put("packs/\u00e4", "four");
        assertThat(text("Packs/A")).isEqualTo("one");
        assertThat(keys("")).containsExactly("Packs/A", "packs/a", "packs/\u00c4", "packs/\u00e4");
    }
}
