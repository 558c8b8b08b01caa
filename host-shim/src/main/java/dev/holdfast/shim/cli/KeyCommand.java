package dev.holdfast.shim.cli;

import dev.holdfast.core.crypto.Identity;
import dev.holdfast.core.crypto.MasterKey;
import dev.holdfast.core.crypto.X25519Identity;
import dev.holdfast.shim.host.SecretFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code holdfast key}. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = "Makes key files and shows what is public of them.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {KeyCommand.Generate.class, KeyCommand.Show.class})
final class KeyCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        Objects.requireNonNull(spec).commandLine().usage(System.out);
    }

    /** The text of a key file, with its public half as a comment. */
    static String fileText(Identity identity) {
        return "# Holdfast key, keep it secret and keep a copy. " + describe(identity) + "\n" + identity.secretText()
                + "\n";
    }

    private static String describe(Identity identity) {
        return switch (identity) {
            case X25519Identity x25519 -> x25519.recipient().text();
            case MasterKey master -> "master key " + master.id();
        };
    }

    /** {@code holdfast key generate}. */
    @Command(
            name = "generate",
            mixinStandardHelpOptions = true,
            description = "Makes a key file that only its owner can read.")
    static final class Generate implements Callable<Integer> {
        @Option(
                names = {"-o", "--output"},
                required = true,
                paramLabel = "FILE",
                description = "the key file to make; never overwritten")
        private @Nullable Path output;

        @Option(
                names = "--master-key",
                description =
                        "one secret that seals and opens, instead of a pair of which hosts need only the public half")
        private boolean masterKey;

        @Override
        public Integer call() throws IOException {
            SecureRandom random = new SecureRandom();
            Identity identity = masterKey ? MasterKey.generate(random) : X25519Identity.generate(random);
            Path file = Objects.requireNonNull(output);
            try {
                SecretFile.create(file, fileText(identity));
            } catch (java.nio.file.FileAlreadyExistsException e) {
                throw new IOException(file + " exists; a key file is never overwritten", e);
            }
            System.out.println(describe(identity));
            return ExitCode.DONE;
        }
    }

    /** {@code holdfast key show}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Prints the recipients of a key file; nothing secret.")
    static final class Show implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", description = "a key file")
        private @Nullable Path file;

        @Override
        public Integer call() throws IOException {
            Identity.parseFile(SecretFile.read(Objects.requireNonNull(file)))
                    .forEach(identity -> System.out.println(describe(identity)));
            return ExitCode.DONE;
        }
    }
}
