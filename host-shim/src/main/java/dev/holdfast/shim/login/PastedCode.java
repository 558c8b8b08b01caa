package dev.holdfast.shim.login;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.util.Optional;

/**
 * The provider shows the code, and the user pastes it: no port and no browser on this machine are needed. A pasted code
 * comes with no state; that it answers this login is told by {@link Pkce} when it is exchanged.
 */
public final class PastedCode implements CodeSource {
    private final BufferedReader in;
    private final PrintStream out;

    /** @param in where the code is typed; not closed */
    public PastedCode(BufferedReader in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public Optional<URI> redirect() {
        return Optional.empty();
    }

    @Override
    public String await(URI address, String state) throws IOException {
        out.println("Open this address in a browser, allow the app, and copy the code it shows:");
        out.println();
        out.println("  " + address);
        out.println();
        out.print("Code: ");
        out.flush();
        String line = in.readLine();
        if (line == null || line.isBlank()) {
            throw new LoginFailedException("no code was given; nothing was saved");
        }
        return line.strip();
    }

    @Override
    public void close() {
        // the streams are the process's own
    }
}
