package dev.holdfast.core.storage.ftp;

import dev.holdfast.core.storage.FtpPassiveMode;
import dev.holdfast.core.storage.FtpSecurity;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPSClient;
import org.jspecify.annotations.Nullable;

/** Commons Net's clients with their data connections laid open, and TLS as servers want it. */
final class FtpClients {
    private FtpClients() {}

    /** Opens data connections for a transfer command; the client it belongs to holds the replies. */
    interface Opener {
        /** Empty when the server refused; the client's last reply says why. */
        Optional<DataChannel> open(String command, @Nullable String argument) throws IOException;
    }

    static void prepare(FTPClient client, FtpEndpoint endpoint, FtpTimeouts timeouts) {
        client.setControlEncoding(StandardCharsets.UTF_8);
        client.setSocketFactory(new LiveSockets());
        client.setConnectTimeout(FtpTimeouts.millis(timeouts.connect()));
        client.setDefaultTimeout(FtpTimeouts.millis(timeouts.reply()));
        client.setDataTimeout(timeouts.stall());
        client.setUseEPSVwithIPv4(endpoint.passiveMode() == FtpPassiveMode.EPSV);
        client.enterLocalPassiveMode();
    }

    /** In the clear. */
    static final class Plain extends FTPClient implements Opener {
        @Override
        public Optional<DataChannel> open(String command, @Nullable String argument) throws IOException {
            @Nullable Socket socket = _openDataConnection_(command, argument);
            return Optional.ofNullable(socket).map(wire -> new DataChannel(wire, wire));
        }

        @Override
        protected void _connectAction_() throws IOException {
            super._connectAction_();
            enterLocalPassiveMode();
        }
    }

    /** Under TLS, explicit or implicit. */
    static final class Tls extends FTPSClient implements Opener {
        private final String host;
        private final SSLContext context;

        Tls(FtpSecurity security, String host, SSLContext context) {
            super(security == FtpSecurity.IMPLICIT_TLS, context);
            this.host = host;
            this.context = context;
            setEndpointCheckingEnabled(true);
        }

        /** Connecting to an address makes Commons Net forget the name that SNI and certificates need. */
        @Override
        protected void _connectAction_() throws IOException {
            _hostname_ = host;
            super._connectAction_();
            enterLocalPassiveMode();
        }

        @Override
        public Optional<DataChannel> open(String command, @Nullable String argument) throws IOException {
            @Nullable Socket wire = _openDataConnection_(command, argument);
            return wire == null ? Optional.empty() : Optional.of(secured(wire));
        }

        /** Resumes the control connection's TLS session; a server that does not resume must prove its name again. */
        private DataChannel secured(Socket wire) throws IOException {
            int controlPort = getRemotePort();
            try {
                SSLSocket secure = (SSLSocket) context.getSocketFactory()
                        .createSocket(new ControlPortSocket(wire, controlPort), host, controlPort, true);
                SSLParameters parameters = secure.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secure.setSSLParameters(parameters);
                secure.startHandshake();
                return new DataChannel(secure, wire);
            } catch (IOException e) {
                wire.close();
                throw e;
            }
        }

        SSLSocket control() {
            return (SSLSocket) _socket_;
        }
    }
}
