package dev.holdfast.shim.database;

import dev.holdfast.shim.docker.Container;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The engines this build knows. A label of the container comes before what its image is called. */
public final class DatabaseTypes {
    /** Says which engine a container is, over what its image is called. */
    public static final String LABEL = "holdfast.source";

    private final List<DatabaseType> types;

    public DatabaseTypes(List<DatabaseType> types) {
        this.types = List.copyOf(types);
    }

    public List<DatabaseType> all() {
        return types;
    }

    /** By the value of the label or of {@code --type}. Throws {@link IllegalArgumentException} with the known ones. */
    public DatabaseType labelled(String label) {
        return types.stream()
                .filter(type -> type.label().equals(label))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("there is no source type " + label + "; there are: " + labels()));
    }

    /** By what a snapshot says of itself. */
    public Optional<DatabaseType> ofEngine(String engine) {
        return types.stream().filter(type -> type.engine().equals(engine)).findFirst();
    }

    /** By the container's label, else by its image; empty when neither says. */
    public Optional<DatabaseType> of(Container container) {
        String label = container.labels().get(LABEL);
        if (label != null) {
            return Optional.of(labelled(label));
        }
        ImageName image = ImageName.of(container.image());
        return types.stream().filter(type -> type.recognises(image)).findFirst();
    }

    /** For messages. */
    public String labels() {
        return types.stream().map(DatabaseType::label).collect(Collectors.joining(", "));
    }
}
