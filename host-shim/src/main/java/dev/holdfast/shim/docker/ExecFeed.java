package dev.holdfast.shim.docker;

import dev.holdfast.core.source.DumpFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Pumps a whole stream into a command's stdin while another thread drains what it prints, so that neither side can block the other. */
final class ExecFeed {
    private static final int BUFFER_BYTES = 1 << 20;

    private ExecFeed() {}

    static ExecResult pump(ExecStream exec, InputStream input) throws IOException {
        CompletableFuture<String> stdout = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("exec-drain-" + exec.commandName()).start(() -> {
            try {
                String text = Engine.text(exec);
                exec.releaseWriter();
                stdout.complete(text);
            } catch (IOException | RuntimeException e) {
                stdout.completeExceptionally(e);
            }
        });
        boolean whole = copy(exec, input);
        ExecResult result = new ExecResult(exitCodeAfter(stdout, exec), stdout.join(), exec.stderrTail());
        if (!whole && result.exitCode() == 0) {
            throw new DumpFailedException(exec.describe() + " ended before it had read all of its input");
        }
        return result;
    }

    private static int exitCodeAfter(CompletableFuture<String> stdout, ExecStream exec) throws IOException {
        try {
            stdout.join();
        } catch (CompletionException e) {
            throw new DumpFailedException(exec.describe() + " was lost", e.getCause());
        }
        return exec.exitCode();
    }

    /** Whether all input was taken; a command that ends early is told apart by its exit code. */
    private static boolean copy(ExecStream exec, InputStream input) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        OutputStream stdin = exec.stdin();
        while (true) {
            int n;
            try {
                n = input.read(buffer);
            } catch (IOException | RuntimeException e) {
                exec.kill();
                throw e;
            }
            if (n < 0) {
                exec.endStdin();
                return true;
            }
            try {
                stdin.write(buffer, 0, n);
            } catch (IOException e) {
                return false;
            }
        }
    }
}
