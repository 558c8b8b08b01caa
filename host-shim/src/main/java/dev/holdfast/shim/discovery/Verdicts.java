package dev.holdfast.shim.discovery;

import dev.holdfast.shim.database.DatabaseType;
import dev.holdfast.shim.database.DatabaseTypes;
import dev.holdfast.shim.database.ImageName;
import dev.holdfast.shim.database.Replicas;
import dev.holdfast.shim.docker.Container;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Decides for one container by itself whether it should be backed up, and as what. */
final class Verdicts {
    private final DatabaseTypes types;

    Verdicts(DatabaseTypes types) {
        this.types = types;
    }

    sealed interface Verdict {}

    record Take(Wanted wanted) implements Verdict {}

    record Leave(Skipped skipped) implements Verdict {}

    /**
     * Takes or leaves a container.
     *
     * @param asked whether the user named it; then it is worth a warning when nothing says what it is
     */
    Verdict of(Container container, boolean asked, Replicas replicas) {
        try {
            Verdict verdict = decided(container, new Labels(container.labels()), asked);
            return verdict instanceof Take(Wanted wanted) ? placed(wanted, replicas) : verdict;
        } catch (IllegalArgumentException e) {
            return leave(container, Skipped.Reason.UNCLEAR, String.valueOf(e.getMessage()));
        }
    }

    private Verdict decided(Container container, Labels labels, boolean asked) {
        // first of all, so that no other label can be wrong enough to hide it
        Optional<Boolean> enabled = labels.enabled();
        if (enabled.equals(Optional.of(false))) {
            return leave(container, Skipped.Reason.LEFT_OUT, "label " + Labels.ENABLE + "=false");
        }
        boolean insisted = enabled.isPresent();
        Optional<Labels.Said> said = labels.type(types);
        if (said.isPresent()) {
            return take(container, labels, said.get().type(), said.get().why());
        }
        Optional<String> no = labels.stackBackNo();
        if (no.isPresent() && !insisted) {
            return leave(container, Skipped.Reason.LEFT_OUT, "label " + no.get());
        }
        if (Origin.isOneOff(labels) && !insisted) {
            return leave(container, Skipped.Reason.NO_DATABASE, "made by docker compose run, for one command");
        }
        return looked(container, labels, insisted, asked);
    }

    /** By image and program. */
    private Verdict looked(Container container, Labels labels, boolean insisted, boolean asked) {
        ImageName image = ImageName.of(container.image());
        Program program = Program.of(container.command());
        Optional<DatabaseType> byImage =
                types.all().stream().filter(type -> type.recognises(image)).findFirst();
        if (byImage.isPresent()) {
            return program.isTool() && !insisted
                    ? leave(
                            container,
                            Skipped.Reason.NO_DATABASE,
                            "image " + image + ", but it runs " + Labels.shown(program.name()) + " and no server")
                    : take(container, labels, byImage.get(), "image " + image);
        }
        Optional<String> server = program.server(container);
        Optional<DatabaseType> byProgram = server.flatMap(label ->
                types.all().stream().filter(type -> type.label().equals(label)).findFirst());
        if (byProgram.isPresent()) {
            return take(container, labels, byProgram.get(), "it runs " + program.name());
        }
        String what = server.map(label -> "it runs " + program.name() + ", which this version does not back up")
                .orElseGet(() -> container.image().startsWith("sha256:")
                        ? "its image has no name"
                        : "image " + image + " is no database known here");
        if (!insisted && !asked) {
            return leave(container, Skipped.Reason.NO_DATABASE, what);
        }
        return leave(
                container,
                Skipped.Reason.UNCLEAR,
                (insisted ? "label " + Labels.ENABLE + "=true" : "it was asked for") + ", but " + what
                        + ": say what it is with label " + DatabaseTypes.LABEL + " (" + types.labels() + ")");
    }

    /** A replica is no source of its own, and a primary says that it has one. */
    private Verdict placed(Wanted wanted, Replicas replicas) {
        Container container = wanted.container();
        if (Replicas.isLabelled(container)) {
            return replica(container, wanted.type(), replicas.primary(container));
        }
        List<Container> own = wanted.type().canReadReplica() ? replicas.of(container) : List.of();
        if (own.isEmpty()) {
            return new Take(wanted);
        }
        String names = own.stream().map(Container::name).collect(Collectors.joining(" or "));
        return new Take(wanted.because(wanted.why() + "; read from replica " + names));
    }

    private Verdict replica(Container container, DatabaseType type, Container primary) {
        if (!type.canReadReplica()) {
            throw new IllegalArgumentException("label " + Replicas.LABEL + " of container " + container.name()
                    + " cannot be kept to: backups of " + type.title() + " read from no replica in this version");
        }
        Verdict its = decided(primary, new Labels(primary.labels()), false);
        if (its instanceof Take(Wanted other) && other.type().equals(type)) {
            return leave(
                    container,
                    Skipped.Reason.LEFT_OUT,
                    "replica of " + primary.name() + ", whose backup reads from it"
                            + (container.isRunning() ? "" : " when it runs; now it is " + container.state()));
        }
        if (its instanceof Leave(Skipped other) && other.reason() == Skipped.Reason.LEFT_OUT) {
            return leave(
                    container, Skipped.Reason.LEFT_OUT, "replica of " + primary.name() + ", which is left out itself");
        }
        throw new IllegalArgumentException("label " + Replicas.LABEL + " of container " + container.name()
                + " names container " + primary.name() + ", which is no " + type.title() + " that is backed up");
    }

    private static Verdict take(Container container, Labels labels, DatabaseType type, String why) {
        return new Take(new Wanted(container, type, why, Origin.of(container, labels), labels.value(Labels.NAME)));
    }

    private static Verdict leave(Container container, Skipped.Reason reason, String why) {
        return new Leave(new Skipped(container, reason, why));
    }
}
