package dev.holdfast.shim.database;

import dev.holdfast.shim.docker.Container;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which container is a replica of which: label {@code holdfast.replica-of} on the replica names its primary, by the Compose service that both
 * are neighbours in, or by the container's name. The replica is then no source of its own; the backup of its primary reads from it.
 */
public final class Replicas {
    /** On the replica: a service of its own Compose project, else a container. */
    public static final String LABEL = "holdfast.replica-of";

    private static final String PROJECT = "com.docker.compose.project";
    private static final String SERVICE = "com.docker.compose.service";
    private static final String ONE_OFF = "com.docker.compose.oneoff";

    private final List<Container> all;

    /**
     * Among the containers of a host.
     *
     * @param all stopped ones too
     */
    public Replicas(List<Container> all) {
        this.all = List.copyOf(all);
    }

    public static boolean isLabelled(Container container) {
        return container.labels().containsKey(LABEL);
    }

    /**
     * The container that a labelled one is a replica of.
     *
     * @throws IllegalArgumentException when the label names none, or several that run
     */
    public Container primary(Container replica) {
        String named = replica.labels().getOrDefault(LABEL, "").strip();
        List<Container> others = all.stream()
                .filter(one -> !one.id().equals(replica.id()))
                .filter(one -> !"true".equalsIgnoreCase(one.labels().get(ONE_OFF)))
                .toList();
        List<Container> found = others.stream()
                .filter(one -> named.equals(one.labels().get(SERVICE)) && isNeighbour(one, replica))
                .toList();
        if (found.isEmpty()) {
            found = others.stream().filter(one -> one.name().equals(named)).toList();
        }
        if (found.size() > 1) {
            found = found.stream().filter(Container::isRunning).toList();
        }
        if (found.size() != 1) {
            throw new IllegalArgumentException("label " + LABEL + " of container " + replica.name() + " names "
                    + (found.isEmpty() ? "no container" : "several containers")
                    + ": it must be a service of its Compose project, or a container's name");
        }
        if (isLabelled(found.getFirst())) {
            throw new IllegalArgumentException("label " + LABEL + " of container " + replica.name()
                    + " names container " + found.getFirst().name() + ", which is a replica itself: name the primary");
        }
        return found.getFirst();
    }

    /** The replicas of a container, in the order of their names. One whose label cannot be understood is none; discovery says so. */
    public List<Container> of(Container primary) {
        List<Container> replicas = new ArrayList<>();
        for (Container one : all) {
            if (isLabelled(one) && primaryId(one).equals(Optional.of(primary.id()))) {
                replicas.add(one);
            }
        }
        replicas.sort(Comparator.comparing(Container::name));
        return List.copyOf(replicas);
    }

    private Optional<String> primaryId(Container replica) {
        try {
            return Optional.of(primary(replica).id());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isNeighbour(Container one, Container other) {
        String project = one.labels().get(PROJECT);
        return project != null && project.equals(other.labels().get(PROJECT));
    }
}
