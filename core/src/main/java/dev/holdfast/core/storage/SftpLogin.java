package dev.holdfast.core.storage;

import dev.holdfast.core.model.Secret;
import java.nio.file.Path;
import java.util.Optional;

/** How we prove to an SSH server who we are. */
public sealed interface SftpLogin {
    /** A password, also where the server asks for it by keyboard-interactive. */
    record Password(Secret password) implements SftpLogin {}

    /** A private key in a file in OpenSSH, PEM or PKCS #8 format: Ed25519, RSA (signing with SHA-2) or ECDSA. */
    record KeyFile(Path file, Optional<Secret> passphrase) implements SftpLogin {}

    /** A private key as the text of such a file. */
    record KeyText(Secret text, Optional<Secret> passphrase) implements SftpLogin {}
}
