package dev.holdfast.shim.login;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** How the code comes from the user's browser to this process. */
public sealed interface CodeSource extends AutoCloseable permits PastedCode, LoopbackCode {
    /** Where the provider shall send the browser with the code; empty when it shall show the code instead. */
    Optional<URI> redirect();

    /**
     * Shows the address to the user and waits for the code.
     *
     * @param state what must come back with the code, so that nobody else's code is taken
     * @throws LoginFailedException the user refused, or what came is not the answer to this login
     */
    String await(URI address, String state) throws IOException;

    @Override
    void close() throws IOException;
}
