package dev.holdfast.shim.cli;

import dev.holdfast.core.model.SourceName;
import dev.holdfast.core.pipeline.RunProgress;
import dev.holdfast.core.pipeline.SnapshotReader;
import dev.holdfast.core.repository.RecipeStream;
import dev.holdfast.core.repository.Repository;
import dev.holdfast.core.repository.Snapshot;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast dump}. */
@Command(
        name = "dump",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Writes one stream of a snapshot to standard output, as it was dumped.",
            "What comes out is authentic up to the byte where it ends; trust the whole only with exit code 0."
        })
final class DumpCommand implements Callable<Integer> {
    private static final int BUFFER_BYTES = 1 << 20;

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Parameters(index = "0", paramLabel = "SOURCE", description = "name of the source")
    private @Nullable String source;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "SNAPSHOT",
            description = "latest (default), the beginning of an id, or a time")
    private String snapshot = "latest";

    @Option(
            names = "--stream",
            paramLabel = "NAME",
            description = "which stream, when there are several; --list names them")
    private @Nullable String stream;

    @Option(names = "--list", description = "print the names of the streams instead")
    private boolean list;

    @Override
    public Integer call() throws IOException {
        try (Session session = Session.open(options)) {
            Repository repository = session.repository();
            var secret = session.secret(repository);
            Snapshot found = SnapshotChoice.find(
                    repository, new SourceName(Objects.requireNonNull(source)), snapshot, ZoneId.systemDefault());
            if (list) {
                repository.recipe(found, secret).streams().forEach(one -> System.out.println(one.name()));
                return ExitCode.DONE;
            }
            SnapshotReader reader =
                    SnapshotReader.open(repository, found, secret, session.identities(), RestoreThreads.count());
            try (InputStream in = reader.open(choose(reader.recipe().streams()), new RunProgress())) {
                write(in);
            }
        }
        return ExitCode.DONE;
    }

    private RecipeStream choose(List<RecipeStream> streams) throws IOException {
        List<RecipeStream> wanted = streams.stream()
                .filter(one -> stream == null || one.name().equals(stream))
                .toList();
        if (wanted.size() != 1) {
            throw new NotFoundException((wanted.isEmpty() ? "there is no such stream" : "there are several streams")
                    + "; choose one with --stream: "
                    + streams.stream().map(RecipeStream::name).toList());
        }
        return wanted.getFirst();
    }

    private static void write(InputStream in) throws IOException {
        byte[] bytes = new byte[BUFFER_BYTES];
        ByteBuffer direct = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            FileChannel channel = out.getChannel();
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                direct.clear().put(bytes, 0, n).flip();
                while (direct.hasRemaining()) {
                    channel.write(direct);
                }
            }
        }
    }
}
