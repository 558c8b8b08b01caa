package dev.holdfast.shim.cli;

import dev.holdfast.shim.volume.Leftovers;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The program. */
@Command(
        name = "holdfast",
        description =
                "Backs up databases and apps in Docker, encrypted and deduplicated, and proves that they can be restored.",
        mixinStandardHelpOptions = true,
        version = "holdfast 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        footerHeading = "%nFirst steps:%n",
        footer = {
            "  holdfast init --storage /mnt/backups     make a repository, and a key that opens it",
            "  holdfast backup shop-db                  back up the database in container shop-db",
            "  holdfast backup --all                    back up every database that discover lists",
            "  holdfast snapshots                       see what is there",
            "  holdfast restore shop-db                 bring it back",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong use, 3 done with warnings, 10 not found, 11 locked, 12 wrong key"
        })
public final class Holdfast implements Runnable {
    private static final List<Class<?>> COMMANDS = List.of(
            InitCommand.class,
            DiscoverCommand.class,
            BackupCommand.class,
            SnapshotsCommand.class,
            LsCommand.class,
            RestoreCommand.class,
            DumpCommand.class,
            CheckCommand.class,
            ForgetCommand.class,
            CopyCommand.class,
            HoldCommand.class,
            ReleaseCommand.class,
            KeyCommand.class,
            StorageCommand.class,
            ConfigCommand.class,
            ApplyCommand.class);

    @Spec
    private @Nullable CommandSpec spec;

    /** Runs a command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Thread.setDefaultUncaughtExceptionHandler(Holdfast::died);
        int code = run(arguments);
        System.out.flush();
        System.exit(code);
    }

    static int run(String... arguments) {
        return commandLine(arguments.length == 0 ? "" : arguments[0]).execute(arguments);
    }

    /** The command that comes first is enough; picocli takes a tenth of a second to look at all of them. */
    private static CommandLine commandLine(String first) {
        CommandLine program = new CommandLine(new Holdfast());
        List<Class<?>> asked =
                COMMANDS.stream().filter(command -> name(command).equals(first)).toList();
        for (Class<?> command : asked.isEmpty() ? COMMANDS : asked) {
            program.addSubcommand(command);
        }
        program.addSubcommand(CommandLine.HelpCommand.class);
        return program.setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(Holdfast::execute)
                .setExecutionExceptionHandler((failure, line, result) -> {
                    Console.of(result).failed(line.getCommandName(), failure);
                    return ExitCode.of(failure);
                });
    }

    /** As picocli does, but an error such as the end of memory is told in words too. */
    private static int execute(ParseResult result) {
        try {
            Leftovers.takeBack(Leftovers.folder(Session.home().folder()), System.err);
            return new CommandLine.RunLast().execute(result);
        } catch (Error e) {
            Console.of(result).failed(Console.deepest(result).commandSpec().name(), e);
            return ExitCode.of(e);
        }
    }

    /** A thread that died of an error would leave others waiting for what it owes them, so the program ends: nothing is committed. */
    private static void died(Thread thread, Throwable failure) {
        System.err.println("holdfast: " + Console.sentence(failure) + " (in thread " + thread.getName() + ")");
        if (failure instanceof OutOfMemoryError) {
            Runtime.getRuntime().halt(ExitCode.FAILED);
        }
        failure.printStackTrace();
        if (failure instanceof Error) {
            Runtime.getRuntime().halt(ExitCode.FAILED);
        }
    }

    private static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    @Override
    public void run() {
        Objects.requireNonNull(spec).commandLine().usage(System.out);
    }
}
