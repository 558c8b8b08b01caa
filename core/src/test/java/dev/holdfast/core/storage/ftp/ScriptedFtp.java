package dev.holdfast.core.storage.ftp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A small FTP server that misbehaves to order: a reply set for a command is given in place of the right one. Real
 * servers prove that the driver works; this one, what it does with answers that they give only on bad days.
 */
final class ScriptedFtp implements AutoCloseable {
    final Map<String, byte[]> files = new ConcurrentSkipListMap<>();
    /** By command; for a transfer, the reply after the bytes is that of the command with a star, as in "RETR*". */
    final Map<String, String> replies = new ConcurrentHashMap<>();

    final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<Socket> live = new CopyOnWriteArrayList<>();
    private final ServerSocket listener;

    ScriptedFtp() throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                live.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Session session = new Session(client)) {
            session.run();
        } catch (IOException clientHungUp) {
            live.remove(client); // as clients under test do
        }
    }

    /** Tells every idle client that its time is up, as servers do, and hangs up. */
    void timeOut() throws IOException {
        for (Socket client : live) {
            client.getOutputStream().write("421 Timeout.\r\n".getBytes(StandardCharsets.US_ASCII));
            client.close();
        }
        live.clear();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket client : live) {
            client.close();
        }
    }

    /** One control connection. */
    private final class Session implements AutoCloseable {
        private final Socket client;
        private @Nullable ServerSocket passive;
        private String from = "";

        private Session(Socket client) {
            this.client = client;
        }

        private void run() throws IOException {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
            say("220 ready");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
                int space = line.indexOf(' ');
                String command = (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
                String argument = space < 0 ? "" : line.substring(space + 1);
                String ordered = replies.get(command);
                say(ordered != null ? ordered : answer(command, argument));
            }
        }

        private String answer(String command, String argument) throws IOException {
            return switch (command) {
                case "USER" -> "331 password?";
                case "PASS" -> "230 in";
                case "TYPE", "NOOP" -> "200 ok";
                case "FEAT" -> "211 none";
                case "PWD" -> "257 \"/\"";
                case "CWD" -> files.containsKey(argument) ? "550 not a folder" : "250 ok";
                case "MKD" -> "257 made";
                case "EPSV" -> listen();
                case "SIZE" -> files.containsKey(argument) ? "213 " + files.get(argument).length : "550 none";
                case "MDTM" -> files.containsKey(argument) ? "213 20261129070305" : "550 none";
                case "DELE" -> files.remove(argument) != null ? "250 gone" : "550 none";
                case "RNFR" -> {
                    from = argument;
                    yield files.containsKey(argument) ? "350 to?" : "550 none";
                }
                case "RNTO" -> rename(argument);
                case "STOR", "RETR", "LIST" -> transfer(command, argument);
                default -> "502 unknown";
            };
        }

        /** Onto an existing file it is refused, as some servers do. */
        private String rename(String to) {
            if (files.containsKey(to)) {
                return "553 exists";
            }
            files.put(to, files.remove(from));
            return "250 renamed";
        }

        private String listen() throws IOException {
            passive = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            return "229 here (|||" + passive.getLocalPort() + "|)";
        }

        private String transfer(String command, String argument) throws IOException {
            ServerSocket open = passive;
            if (open == null) {
                return "425 EPSV first";
            }
            say("150 go");
            try (open;
                    Socket data = open.accept()) {
                switch (command) {
                    case "STOR" -> files.put(argument, data.getInputStream().readAllBytes());
                    case "RETR" -> data.getOutputStream().write(files.get(argument));
                    default -> list(data.getOutputStream());
                }
            }
            return replies.getOrDefault(command + "*", "226 done");
        }

        private void list(OutputStream out) throws IOException {
            StringBuilder text = new StringBuilder("drwxr-xr-x 2 u g 4096 Nov 29 07:03 .\r\n");
            files.forEach((name, content) -> text.append("-rw-r--r-- 1 u g ")
                    .append(content.length)
                    .append(" Nov 29 07:03 ")
                    .append(name.substring(1))
                    .append("\r\n"));
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        }

        private void say(String reply) throws IOException {
            client.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() throws IOException {
            if (passive != null) {
                passive.close();
            }
        }
    }
}
