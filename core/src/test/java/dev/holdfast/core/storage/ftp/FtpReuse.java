package dev.holdfast.core.storage.ftp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.apache.commons.net.ftp.FTPSClient;

/** Commons Net as it comes, which makes a new TLS session for each data connection: what servers refuse. */
final class FtpReuse {
    private FtpReuse() {}

    /** Whether the server takes an upload over a data connection that resumes nothing. */
    static boolean uploadsWithoutReuse(FtpEndpoint endpoint) throws IOException {
        FTPSClient client = new FTPSClient(FtpTrust.of(endpoint.certificates()).newContext());
        try {
            client.connect(endpoint.host(), endpoint.port());
            if (!client.login(FtpServer.USER, FtpServer.PASSWORD)) {
                throw new IOException("login refused: " + client.getReplyString());
            }
            client.execPBSZ(0);
            client.execPROT("P");
            client.enterLocalPassiveMode();
            if (!client.changeWorkingDirectory(endpoint.root())) {
                throw new IOException("no folder: " + client.getReplyString());
            }
            return stored(client);
        } finally {
            client.disconnect();
        }
    }

    private static boolean stored(FTPSClient client) {
        try {
            return client.storeFile("without-reuse", new ByteArrayInputStream(new byte[100_000]));
        } catch (IOException refusedInTheHandshake) {
            return false;
        }
    }
}
