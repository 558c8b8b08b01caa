package dev.holdfast.shim.daemon;

import dev.holdfast.core.catalog.Backup;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Runs {@code holdfast run ID} with the launcher that started this process, so that each backup has the memory of one backup, and one that dies takes nothing
 * along. What it prints goes to the log.
 */
public final class ProcessStarter implements Starter {
    private final String launcher;
    private final Map<String, String> environment;
    private final DaemonLog log;

    /**
     * For one launcher.
     *
     * @param environment added to that of this process
     */
    public ProcessStarter(String launcher, Map<String, String> environment, DaemonLog log) {
        this.launcher = launcher;
        this.environment = Map.copyOf(environment);
        this.log = log;
    }

    @Override
    public Child start(Backup backup) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        List.of(launcher, "run", backup.run().hex()))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        builder.environment().putAll(environment);
        Running running = new Running(builder.start());
        Thread.ofVirtual().start(() -> running.copyTo(log, backup));
        return running;
    }

    private static final class Running implements Child {
        private final Process process;
        private volatile String last = "";

        Running(Process process) {
            this.process = process;
        }

        void copyTo(DaemonLog log, Backup backup) {
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!line.isBlank()) {
                        last = line.strip();
                        log.run(backup, line);
                    }
                }
            } catch (IOException e) {
                log.error("what the run of " + backup.source() + " says cannot be read any more", e);
            }
        }

        @Override
        public boolean isAlive() {
            return process.isAlive();
        }

        @Override
        public String end() {
            return "its process ended with code " + process.exitValue() + (last.isEmpty() ? "" : ": " + last);
        }

        @Override
        public void stop() {
            process.destroy();
        }
    }
}
