package dev.holdfast.core.storage.ftp;

import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.FtpSecurity;
import dev.holdfast.core.storage.StorageException;
import dev.holdfast.core.storage.StorageException.Reason;
import dev.holdfast.core.storage.StorageSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLHandshakeException;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPClientConfig;
import org.apache.commons.net.ftp.FTPFileEntryParser;
import org.apache.commons.net.ftp.parser.NTFTPEntryParser;
import org.apache.commons.net.ftp.parser.UnixFTPEntryParser;
import org.jspecify.annotations.Nullable;

/**
 * One control connection, logged in, at work for one thread at a time. Paths are relative to the endpoint's root. Once
 * it has failed it is {@linkplain #isBroken() broken} for good, because replies could be taken for one another.
 */
final class FtpConnection {
    private static final Duration LATE_REPLY = Duration.ofSeconds(5);

    private final FTPClient client;
    private final FtpClients.Opener opener;
    private final FtpErrors errors;
    private final FtpTimeouts timeouts;
    private final Set<String> features = new HashSet<>();
    private String base = "";
    private boolean broken;
    private boolean answered;

    private FtpConnection(FTPClient client, FtpClients.Opener opener, FtpErrors errors, FtpTimeouts timeouts) {
        this.client = client;
        this.opener = opener;
        this.errors = errors;
        this.timeouts = timeouts;
    }

    /** Connects to one address of the host and logs in; nothing stays open when that fails. */
    static FtpConnection open(
            StorageSpec.Ftp endpoint,
            InetAddress address,
            FtpTrust trust,
            FtpTimeouts timeouts,
            Supplier<String> password)
            throws IOException {
        FtpErrors errors = new FtpErrors(endpoint);
        FtpConnection connection;
        if (endpoint.security() == FtpSecurity.PLAIN) {
            FtpClients.Plain plain = new FtpClients.Plain();
            connection = new FtpConnection(plain, plain, errors, timeouts);
        } else {
            FtpClients.Tls tls = new FtpClients.Tls(endpoint.security(), endpoint.host(), trust.newContext());
            connection = new FtpConnection(tls, tls, errors, timeouts);
        }
        FtpClients.prepare(connection.client, endpoint, timeouts);
        try {
            connection.connect(endpoint, address);
            connection.login(endpoint, password);
            return connection;
        } catch (IOException e) {
            connection.drop();
            throw e;
        }
    }

    private void connect(StorageSpec.Ftp endpoint, InetAddress address) throws IOException {
        try {
            client.connect(address, endpoint.port());
            if (client instanceof FtpClients.Tls tls) {
                requireValidToday(tls);
            }
        } catch (IOException e) {
            throw errors.broken("connection to " + address.getHostAddress(), e);
        } catch (RuntimeException e) {
            throw errors.nonsense("connection", e);
        }
        if (endpoint.security() == FtpSecurity.PLAIN && !reply().isDone()) {
            throw errors.refused("connection", reply());
        }
    }

    /** JSSE does not look at the dates of a certificate that is itself among the trusted ones. */
    private static void requireValidToday(FtpClients.Tls tls) throws IOException {
        X509Certificate own = (X509Certificate) tls.control().getSession().getPeerCertificates()[0];
        try {
            own.checkValidity();
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            throw (IOException) new SSLHandshakeException("certificate is out of its dates").initCause(e);
        }
    }

    private void login(StorageSpec.Ftp endpoint, Supplier<String> password) throws IOException {
        FtpReply reply = command("USER", endpoint.user());
        if (reply.wantsMore()) {
            reply = command("PASS", password.get());
        }
        if (!reply.isDone()) {
            throw errors.refused("login", reply);
        }
        if (endpoint.security() != FtpSecurity.PLAIN) {
            require("protection buffer", command("PBSZ", "0"));
            require("protection of data connections", command("PROT", "P"));
        }
        readFeatures();
        if (features.contains("UTF8")) {
            // Servers that always speak UTF-8 may refuse to be told so: the reply changes nothing.
            command("OPTS", "UTF8 ON");
        }
        require("binary mode", command("TYPE", "I"));
        enter(endpoint.root());
    }

    private void readFeatures() throws IOException {
        FtpReply reply = command("FEAT", null);
        if (reply.isDone()) {
            for (String line : reply.lines()) {
                features.add(line.strip().split("[ ]", 2)[0].toUpperCase(Locale.ROOT));
            }
        }
    }

    private void enter(String root) throws IOException {
        if (!root.equals(".")) {
            FtpReply reply = command("CWD", root);
            if (reply.isNameRefused()) {
                throw new StorageException.Rejected(
                        Reason.NO_ROOT,
                        "folder " + root + " cannot be entered: " + reply.display() + "; create it",
                        null);
            }
            require("folder " + root, reply);
        }
        FtpReply where = command("PWD", null);
        require("name of the folder", where);
        String folder = quoted(where.text());
        base = folder.endsWith("/") ? folder : folder + "/";
    }

    /** The folder in a reply to PWD (RFC 959 appendix II): in quotes, quotes inside doubled. */
    private static String quoted(String text) {
        int first = text.indexOf('"');
        int last = text.lastIndexOf('"');
        return first < 0 || last <= first
                ? text
                : text.substring(first + 1, last).replace("\"\"", "\"");
    }

    boolean isBroken() {
        return broken;
    }

    /** Called when another user takes the connection over. */
    void reuse() {
        answered = false;
    }

    /** Whether the server has answered at all since {@link #reuse()}: if not, it had hung up before. */
    boolean hasAnswered() {
        return answered;
    }

    FtpErrors errors() {
        return errors;
    }

    // ---- names

    boolean hasMachineListing() {
        return features.contains("MLSD") || features.contains("MLST");
    }

    /** Asks for the size of a file in bytes (RFC 3659 4): 213 and the number. */
    FtpReply size(String path) throws IOException {
        return command("SIZE", base + path);
    }

    FtpReply modified(String path) throws IOException {
        return command("MDTM", base + path);
    }

    FtpReply facts(String path) throws IOException {
        return command("MLST", base + path);
    }

    FtpReply delete(String path) throws IOException {
        return command("DELE", base + path);
    }

    FtpReply makeFolder(String path) throws IOException {
        return command("MKD", base + path);
    }

    FtpReply removeFolder(String path) throws IOException {
        return command("RMD", base + path);
    }

    /** Goes to a folder ("" is the root), as a test whether it is there and may be used. */
    FtpReply changeTo(String folder) throws IOException {
        return command("CWD", base + folder);
    }

    /** Renames; the reply is that of the first of the two commands that failed. */
    FtpReply rename(String from, String to) throws IOException {
        FtpReply ready = command("RNFR", base + from);
        return ready.wantsMore() ? command("RNTO", base + to) : ready;
    }

    /** The entries of the folder last {@linkplain #changeTo gone to}. */
    List<FtpEntry> entries(String folder) throws IOException {
        if (hasMachineListing()) {
            List<FtpEntry> entries = new ArrayList<>();
            for (String line : lines("MLSD", null, folder)) {
                entries.add(FtpEntry.ofFacts(line)
                        .orElseThrow(() -> new StorageException.Corrupt(
                                "listing of folder \"" + folder + "\" has a line without type, size or time", null)));
            }
            return entries;
        }
        List<FtpEntry> all = listed(lines("LIST", "-a", folder));
        boolean understood = all.stream().anyMatch(e -> e.kind() == FtpEntry.Kind.SELF_OR_PARENT);
        // A server that took -a for a name has listed nothing; one that knows it lists "." too.
        return understood ? all : listed(lines("LIST", null, folder));
    }

    private static List<FtpEntry> listed(List<String> lines) {
        FTPFileEntryParser unix = new UnixFTPEntryParser(inUtc(FTPClientConfig.SYST_UNIX));
        FTPFileEntryParser dos = new NTFTPEntryParser(inUtc(FTPClientConfig.SYST_NT));
        List<FtpEntry> entries = new ArrayList<>();
        for (String line : lines) {
            boolean beginsWithDate = Character.isDigit(line.charAt(0));
            FtpEntry.ofList(line, beginsWithDate ? dos : unix).ifPresent(entries::add);
        }
        return entries;
    }

    private static FTPClientConfig inUtc(String system) {
        FTPClientConfig config = new FTPClientConfig(system);
        config.setServerTimeZoneId("UTC");
        return config;
    }

    private List<String> lines(String command, @Nullable String argument, String folder) throws IOException {
        String action = "listing of folder \"" + folder + "\"";
        DataChannel data = transfer(action, command, argument).orElseThrow(() -> errors.refused(action, reply()));
        byte[] bytes;
        try (data) {
            bytes = data.socket().getInputStream().readAllBytes();
        } catch (IOException e) {
            throw failed(action, e);
        }
        FtpReply end = finalReply(timeouts.reply());
        require(action, end);
        if (bytes.length > 0 && bytes[bytes.length - 1] != '\n') {
            throw errors.lost(action, "the listing was cut", null);
        }
        return new String(bytes, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isEmpty())
                .toList();
    }

    // ---- bytes

    /**
     * Opens a download.
     *
     * @return empty when the server refused; {@link #reply()} says why
     */
    Optional<DataChannel> retrieve(String path, long offset) throws IOException {
        client.setRestartOffset(offset);
        try {
            return transfer("download of " + path, "RETR", base + path);
        } finally {
            client.setRestartOffset(0);
        }
    }

    /**
     * Uploads under a name.
     *
     * @return the server's last word: done, or why it refused
     * @throws IOException the body's own, or a {@link StorageException} when the connection failed
     */
    FtpReply store(String path, Body body) throws IOException {
        Optional<DataChannel> opened = transfer("upload", "STOR", base + path);
        if (opened.isEmpty()) {
            return reply();
        }
        DataChannel data = opened.get();
        try (StallGuard guard = new StallGuard(data, timeouts.stall())) {
            FtpUpload.send(body, data, guard);
        } catch (FtpUpload.WriteFailed e) {
            data.cut();
            return reasonOf(e);
        } catch (IOException bodyFailed) {
            endHalf(data, bodyFailed);
            throw bodyFailed;
        }
        return finalReply(timeouts.reply());
    }

    /** Ends an upload whose body failed; the server takes what it has for a whole, so its name must be deleted. */
    private void endHalf(DataChannel data, IOException bodyFailed) {
        try {
            data.close();
            finalReply(LATE_REPLY);
        } catch (IOException e) {
            bodyFailed.addSuppressed(e);
            drop();
        }
    }

    /** After the server cut an upload: it says why on the control connection, unless that is gone as well. */
    private FtpReply reasonOf(FtpUpload.WriteFailed failure) throws IOException {
        IOException cause = failure.socketFailure();
        FtpReply reply;
        try {
            reply = finalReply(LATE_REPLY);
        } catch (StorageException silent) {
            cause.addSuppressed(silent);
            throw failed("upload", cause);
        }
        if (reply.isDone()) {
            // The server took what came for the whole.
            throw failed("upload", cause);
        }
        return reply;
    }

    private Optional<DataChannel> transfer(String action, String command, @Nullable String argument)
            throws IOException {
        try {
            Optional<DataChannel> data = opener.open(command, argument);
            answered = true;
            return data;
        } catch (IOException e) {
            throw failed(action, e);
        } catch (RuntimeException e) {
            drop();
            throw errors.nonsense(action, e);
        }
    }

    /** The reply that ends a transfer. */
    FtpReply finalReply(Duration patience) throws IOException {
        try {
            client.setSoTimeout(FtpTimeouts.millis(patience));
            client.getReply();
            client.setSoTimeout(FtpTimeouts.millis(timeouts.reply()));
            return reply();
        } catch (IOException e) {
            throw failed("transfer", e);
        } catch (RuntimeException e) {
            drop();
            throw errors.nonsense("transfer", e);
        }
    }

    /**
     * After a download was stopped on purpose: reads the server's reply to that, and proves by a NOOP that no other one
     * is on its way. The connection is broken when that fails.
     *
     * @return whether it can be used again
     */
    boolean settle() {
        try {
            finalReply(LATE_REPLY);
            if (command("NOOP", null).code() != 200) {
                drop();
            }
        } catch (IOException e) {
            drop();
        }
        return !broken;
    }

    // ---- commands

    FtpReply reply() {
        return new FtpReply(client.getReplyCode(), List.of(client.getReplyStrings()));
    }

    FtpReply command(String name, @Nullable String argument) throws IOException {
        try {
            client.sendCommand(name, argument);
            answered = true;
            return reply();
        } catch (IOException e) {
            throw failed(name, e);
        } catch (RuntimeException e) {
            drop();
            throw errors.nonsense(name, e);
        }
    }

    private void require(String action, FtpReply reply) throws StorageException {
        if (!reply.isDone()) {
            throw errors.refused(action, reply);
        }
    }

    /** Marks the connection broken and says how. */
    StorageException failed(String action, IOException cause) {
        drop();
        return errors.broken(action, cause);
    }

    /** Cuts the connection. Commons Net closes the socket whatever state it is in. */
    void drop() {
        broken = true;
        try {
            client.disconnect();
        } catch (IOException e) {
            throw new IllegalStateException("Commons Net's disconnect reports no failures", e);
        }
    }

    /**
     * Says goodbye and hangs up.
     *
     * @return whether the server was still there
     */
    boolean quit() {
        boolean heard = !broken;
        try {
            if (!broken) {
                client.setSoTimeout(FtpTimeouts.millis(LATE_REPLY));
                client.quit();
            }
        } catch (IOException e) {
            heard = false; // it had hung up first, which is what we came for
        }
        drop();
        return heard;
    }

    /** When a file was last written, as MDTM or MLST tells. */
    static Optional<Instant> timeOf(FtpReply reply) {
        return reply.code() == 213 ? FtpEntry.time(reply.text()) : Optional.empty();
    }
}
