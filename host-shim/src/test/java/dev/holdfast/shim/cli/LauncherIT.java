package dev.holdfast.shim.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that people call. */
class LauncherIT {
    private static final Path LAUNCHER = Path.of("target/holdfast/bin/holdfast").toAbsolutePath();

    @TempDir
    private Path folder = Path.of("");

    /** As cron, a container and a machine without its language's files start it. */
    @Test
    void letterBeyondAsciiInAPathWorksWhateverTheLocale() throws Exception {
        assumeTrue(
                System.getProperty("sun.jnu.encoding", "").equals("UTF-8"),
                "this test itself needs a UTF-8 locale to name its folder");
        List<Map<String, String>> locales = List.of(Map.of(), Map.of("LC_ALL", "C"), Map.of("LANG", "xx_XX.UTF-8"));
        for (int i = 0; i < locales.size(); i++) {
            Path repository = folder.resolve("Sicherung-ä-čaj-" + i);
            ProcessBuilder builder =
                    new ProcessBuilder(LAUNCHER.toString(), "init", "--storage", repository.toString());
            builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
            builder.environment().putAll(locales.get(i));
            builder.environment().put("HOLDFAST_HOME", folder.resolve("home").toString());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            Process process = builder.redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(locales.get(i) + ": " + output).isZero();
            assertThat(repository.resolve("descriptor/00000001"))
                    .as("with " + locales.get(i))
                    .exists();
        }
        try (var all = Files.list(folder)) {
            assertThat(all).as("no folder of another spelling").hasSize(locales.size() + 1);
        }
    }
}
