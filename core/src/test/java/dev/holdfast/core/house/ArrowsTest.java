package dev.holdfast.core.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.holdfast.core.providers.Providers;
import dev.holdfast.core.storage.StorageContract;
import dev.holdfast.core.storage.StorageDriver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which package may know which, and what each provider must bring: the house plan, held. */
class ArrowsTest {
    private static final String ROOT = "dev.holdfast.core.";

    /** Package (with those below it) to what it may use besides itself. {@code storage} does not include its drivers. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("model", Set.of()),
            Map.entry("crypto", Set.of("model")),
            Map.entry("chunk", Set.of("model")),
            Map.entry("source", Set.of("model")),
            Map.entry("storage", Set.of("model")),
            Map.entry("storage.*", Set.of("model", "storage")),
            Map.entry("repository", Set.of("model", "chunk", "crypto", "source", "storage")),
            Map.entry("catalog", Set.of("model")),
            Map.entry("schedule", Set.of("model")),
            Map.entry("retention", Set.of("model")),
            Map.entry("config", Set.of("model", "crypto", "storage", "schedule", "retention")),
            Map.entry("freshness", Set.of("model", "schedule")),
            Map.entry("notify", Set.of("model")),
            Map.entry("metrics", Set.of("model")),
            Map.entry(
                    "pipeline",
                    Set.of(
                            "model",
                            "crypto",
                            "chunk",
                            "source",
                            "storage",
                            "repository",
                            "catalog",
                            "schedule",
                            "retention",
                            "freshness",
                            "notify",
                            "metrics")),
            Map.entry("providers", Set.of("model", "storage", "storage.*")));

    private static JavaClasses main = new ClassFileImporter().importClasses();
    private static JavaClasses tests = main;

    @BeforeAll
    static void read() {
        main = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.holdfast.core");
        tests = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
                .importPackages("dev.holdfast.core");
        assertThat(main.size()).as("classes read").isGreaterThan(50);
    }

    @Test
    void everyPackageKnowsOnlyWhatTheHousePlanAllows() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass each : main) {
            String from = partOf(each);
            if (!MAY_USE.containsKey(row(from))) {
                wrong.add("package " + from + " has no row in the house plan: decide what it may use, here and there");
                continue;
            }
            for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().startsWith(ROOT) && !allows(from, partOf(target))) {
                    wrong.add(each.getName() + " must not know " + target.getName());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static boolean allows(String from, String to) {
        return from.equals(to) || MAY_USE.getOrDefault(row(from), Set.of()).contains(row(to));
    }

    /** {@code storage.s3} for a driver, otherwise the name after the root: {@code catalog} for {@code catalog.sqlite} too. */
    private static String partOf(JavaClass each) {
        String[] names = each.getPackageName().substring(ROOT.length()).split("\\.", -1);
        return names[0].equals("storage") && names.length > 1 ? "storage." + names[1] : names[0];
    }

    private static String row(String part) {
        return part.startsWith("storage.") ? "storage.*" : part;
    }

    @Test
    void modelIsPlainJava() {
        classes()
                .that()
                .resideInAPackage(ROOT + "model..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify.annotations..", ROOT + "model..")
                .check(main);
    }

    @Test
    void coreKnowsNoFrameworkAndNoDocker() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "com.amazonaws.services.lambda..", "com.github.dockerjava..")
                .check(main);
    }

    @Test
    void theEnvironmentIsReadWhereThingsAreWired() {
        noClasses().should().callMethod(System.class, "getenv").check(main);
        noClasses().should().callMethod(System.class, "getenv", String.class).check(main);
    }

    @Test
    void namesSayWhatAClassIs() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .check(main);
    }

    @Test
    void everyDriverIsOpenedByProviders() {
        JavaClass providers = main.get(Providers.class);
        for (JavaClass driver : drivers()) {
            assertThat(providers.getDirectDependenciesFromSelf())
                    .as(
                            "%s has no line in Providers.open: add its record to StorageSpec and a case there",
                            driver.getName())
                    .anyMatch(dependency -> dependency.getTargetClass().equals(driver));
        }
    }

    @Test
    void everyDriverPassesTheContract() {
        for (JavaClass driver : drivers()) {
            Optional<JavaClass> contract = tests.stream()
                    .filter(test -> test.isAssignableTo(StorageContract.class))
                    .filter(test -> !test.getModifiers().contains(JavaModifier.ABSTRACT))
                    .filter(test -> test.getPackageName().equals(driver.getPackageName()))
                    .findFirst();
            assertThat(contract)
                    .as("%s has no test that extends StorageContract in its package", driver.getName())
                    .isPresent();
        }
    }

    @Test
    void everyDriverIsFinalAndAlone() {
        assertThat(drivers()).isNotEmpty().allSatisfy(driver -> {
            assertThat(driver.getModifiers()).as(driver.getName()).contains(JavaModifier.FINAL);
            assertThat(driver.getPackageName()).startsWith(ROOT + "storage.");
        });
        assertThat(drivers()).extracting(JavaClass::getPackageName).doesNotHaveDuplicates();
    }

    private static List<JavaClass> drivers() {
        return main.stream()
                .filter(each -> each.isAssignableTo(StorageDriver.class) && !each.isInterface())
                .toList();
    }

    /** The rules above must be able to fail: the same questions, asked of pairs with a known answer. */
    @Test
    void theTableSaysNoWhereItShould() {
        assertThat(allows("storage.s3", "storage")).isTrue();
        assertThat(allows("storage.s3", "storage.s3")).isTrue();
        assertThat(allows("storage.s3", "storage.local")).isFalse();
        assertThat(allows("storage", "storage.local")).isFalse();
        assertThat(allows("pipeline", "storage.local")).isFalse();
        assertThat(allows("pipeline", "providers")).isFalse();
        assertThat(allows("crypto", "chunk")).isFalse();
        assertThat(allows("model", "crypto")).isFalse();
        assertThat(allows("unheard-of", "model")).isFalse();
        assertThat(MAY_USE.values().stream().flatMap(Set::stream)).allMatch(MAY_USE::containsKey);
    }
}
