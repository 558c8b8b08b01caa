package dev.holdfast.shim.cli;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationFile;
import dev.holdfast.core.config.ConfigurationProblem;
import dev.holdfast.core.config.ParsedConfiguration;
import dev.holdfast.shim.database.DatabaseType;
import dev.holdfast.shim.host.AppliedConfiguration;
import dev.holdfast.shim.service.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The configuration file that a command is given, or else {@code HOLDFAST_CONFIG}, or else {@code /etc/holdfast/holdfast.yaml}. */
final class ConfigurationInput {
    private static final String USUAL = "/etc/holdfast/holdfast.yaml";

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "the file; default: $HOLDFAST_CONFIG, or else " + USUAL)
    private @Nullable Path file;

    /** The reader that knows this program's databases and this host's time zone. */
    static ConfigurationFile reader() {
        return new ConfigurationFile(
                ZoneId.systemDefault(),
                Databases.known().all().stream().map(DatabaseType::label).collect(Collectors.toSet()));
    }

    /** What the daemon works by. */
    static Configuration required() throws IOException {
        return applied()
                .read()
                .orElseThrow(() -> new NotFoundException(
                        "no configuration was applied on this host: write one and say holdfast apply"));
    }

    static AppliedConfiguration applied() {
        return new AppliedConfiguration(Session.home(), reader());
    }

    Path file() {
        return Optional.ofNullable(file)
                .or(() -> Optional.ofNullable(System.getenv("HOLDFAST_CONFIG"))
                        .filter(set -> !set.isEmpty())
                        .map(Path::of))
                .orElse(Path.of(USUAL));
    }

    byte[] bytes() throws IOException {
        if (!Files.exists(file())) {
            throw new NotFoundException("there is no configuration " + file());
        }
        return ConfigurationFile.bytes(file());
    }

    /** Tells what is wrong, on standard error, as compilers do. */
    static void tell(Path file, ParsedConfiguration parsed) {
        parsed.problems().forEach(problem -> System.err.println(problem.in(file.toString())));
    }

    /** For machines. */
    static List<Map<String, Object>> map(ParsedConfiguration parsed) {
        return parsed.problems().stream().map(ConfigurationInput::map).toList();
    }

    private static Map<String, Object> map(ConfigurationProblem problem) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("severity", problem.severity().name().toLowerCase(Locale.ROOT));
        map.put("line", problem.line());
        map.put("column", problem.column());
        map.put("path", problem.path());
        map.put("message", problem.message());
        return map;
    }
}
