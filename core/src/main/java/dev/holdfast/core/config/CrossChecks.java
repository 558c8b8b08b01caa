package dev.holdfast.core.config;

import dev.holdfast.core.model.SourceName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What parts of the file that lie apart must not say together. */
final class CrossChecks {
    /** Where objects of one repository or of its copy are. */
    private record Place(String storage, String prefix) {}

    private final Map<Place, String> repositoryAt = new HashMap<>();
    private final Map<Place, String> copiesOf = new HashMap<>();
    private final Map<SourceName, String> sources = new HashMap<>();
    private final Map<List<String>, String> discoveries = new HashMap<>();
    private final Map<String, Map<String, Spot>> dependencies = new LinkedHashMap<>();

    void repository(String name, RepositorySettings settings, Spot spot) {
        String other = repositoryAt.putIfAbsent(new Place(settings.storage(), settings.prefix()), name);
        if (other != null) {
            spot.error("is in the same place as repository " + other + ": give one of them a prefix of its own");
        }
    }

    void copy(CopyRule copy, String repository, Spot spot) {
        Place place = new Place(copy.storage(), copy.prefix());
        String primary = repositoryAt.get(place);
        String other = copiesOf.putIfAbsent(place, repository);
        if (repository.equals(primary)) {
            spot.error("is the repository itself, storage " + copy.storage() + ", and no copy of it");
        } else if (primary != null) {
            spot.error("is the place of repository " + primary + ": give the copy a prefix of its own");
        } else if (other != null && !other.equals(repository)) {
            spot.error("is the place where copies of repository " + other
                    + " are: give the copies of each repository a prefix of their own");
        }
    }

    void source(SourceRule rule, Spot spot) {
        switch (rule) {
            case SourceRule.Discover(List<String> patterns) -> {
                String other =
                        discoveries.putIfAbsent(patterns.stream().sorted().toList(), spot.path());
                if (other != null) {
                    spot.error("finds the same as " + other + ": say it once, or with other patterns");
                }
            }
            case SourceRule.Database database -> source(database.name(), spot);
            case SourceRule.ContainerVolumes volumes -> source(volumes.name(), spot);
            case SourceRule.Volume volume -> source(volume.name(), spot);
            case SourceRule.Folders folders -> source(folders.name(), spot);
            case SourceRule.Command command -> source(command.name(), spot);
        }
    }

    private void source(SourceName name, Spot spot) {
        String other = sources.putIfAbsent(name, spot.path());
        if (other != null) {
            spot.error("is called " + name + " as " + other + " is: give one of them another name");
        }
    }

    void dependency(String service, String other, Spot spot) {
        dependencies.computeIfAbsent(service, name -> new LinkedHashMap<>()).putIfAbsent(other, spot);
    }

    /** Tells each circle of dependencies once, where it closes. */
    void circles() {
        Set<String> done = new HashSet<>();
        for (String service : dependencies.keySet()) {
            follow(service, new ArrayList<>(), done);
        }
    }

    private void follow(String service, List<String> way, Set<String> done) {
        if (!done.add(service)) {
            return;
        }
        way.add(service);
        for (Map.Entry<String, Spot> next :
                dependencies.getOrDefault(service, Map.of()).entrySet()) {
            int closes = way.indexOf(next.getKey());
            if (closes >= 0) {
                List<String> circle = new ArrayList<>(way.subList(closes, way.size()));
                circle.add(next.getKey());
                next.getValue().error("closes a circle: " + String.join(" needs ", circle));
            } else {
                follow(next.getKey(), way, done);
            }
        }
        way.removeLast();
    }

    /** Names that nothing uses are slips more often than not. */
    static void unused(String what, Map<String, Spot> named, Set<String> used) {
        named.forEach((name, spot) -> Optional.of(name)
                .filter(each -> !used.contains(each))
                .ifPresent(each -> spot.warning(what + " " + each + " is not used")));
    }
}
