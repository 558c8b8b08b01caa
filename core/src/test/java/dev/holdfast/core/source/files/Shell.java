package dev.holdfast.core.source.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The system's own tools, as the other opinion. */
final class Shell {
    private Shell() {}

    /** Runs a bash script in a folder; its output, one character for each byte. A code other than 0 fails the test. */
    static String run(Path folder, String script) throws IOException, InterruptedException {
        return run(folder, List.of("bash", "-euc", script));
    }

    static String run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("shell", ".out");
        Path errors = Files.createTempFile("shell", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            int code = process.waitFor();
            assertThat(code)
                    .as(() -> {
                        try {
                            return command + "\n" + Files.readString(errors, StandardCharsets.ISO_8859_1);
                        } catch (IOException e) {
                            return command + " and its errors cannot be read: " + e;
                        }
                    })
                    .isZero();
            return Files.readString(output, StandardCharsets.ISO_8859_1);
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    /** Names, types, modes, owners, links, times, sizes, targets, hashes and extended attributes of everything in a folder. */
    static String manifest(Path folder, String timeFormat) throws IOException, InterruptedException {
        return run(folder, """
                export LC_ALL=C
                find . \\( -type f -printf '%%P\\t%%y\\t%%m\\t%%U:%%G\\t%%n\\t%1$s\\t%%s\\0' \\) \
                  -o -printf '%%P\\t%%y\\t%%m\\t%%U:%%G\\t%%n\\t%1$s\\t%%l\\0' | sort -z | tr '\\0' '\\n'
                find . -type f -print0 | sort -z | xargs -0 sha256sum
                find . \\( -type c -o -type b \\) -print0 | sort -z | xargs -0r stat -c '%%n %%t %%T'
                python3 - <<'PY'
                import os
                for top, folders, files in os.walk(b'.'):
                    for name in [b'.'] + folders + files:
                        path = os.path.join(top, name)
                        for key in sorted(os.listxattr(path, follow_symlinks=False)):
                            print(sorted([path]), key, os.getxattr(path, key, follow_symlinks=False))
                PY
                """.formatted(timeFormat));
    }
}
