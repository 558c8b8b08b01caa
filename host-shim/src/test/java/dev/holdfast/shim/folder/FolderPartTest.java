package dev.holdfast.shim.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.repository.FormatException;
import dev.holdfast.core.source.files.HostFolder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which path belongs to which folder of a snapshot. */
class FolderPartTest {
    private static final List<SavedFolder> FOLDERS = List.of(saved("/"), saved("/home"), saved("/var/lib/app"));

    private static SavedFolder saved(String path) {
        return new SavedFolder("folders" + path + ".tar", new HostFolder(path));
    }

    private static List<String> parts(List<SavedFolder> folders, String... paths) {
        return FolderPart.of(folders, List.of(paths), new FolderGoal.Below(new HostFolder("/out"))).stream()
                .map(part -> part.saved().folder() + ":" + part.paths() + "@" + part.place())
                .toList();
    }

    @Test
    void everythingIsEveryFolder() {
        assertThat(parts(FOLDERS))
                .containsExactly("/:[]@/out", "/home:[]@/out/home", "/var/lib/app:[]@/out/var/lib/app");
    }

    @Test
    void aPathBelongsToTheInnermostFolder() {
        assertThat(parts(FOLDERS, "/home/me/x")).containsExactly("/home:[me/x]@/out/home");
        assertThat(parts(FOLDERS, "/etc/hosts")).containsExactly("/:[etc/hosts]@/out");
        assertThat(parts(FOLDERS, "/homes")).containsExactly("/:[homes]@/out");
    }

    @Test
    void aPathAboveAFolderTakesItWhole() {
        assertThat(parts(FOLDERS, "/var")).containsExactly("/:[var]@/out", "/var/lib/app:[]@/out/var/lib/app");
        assertThat(parts(FOLDERS.subList(1, 3), "/etc")).isEmpty();
    }

    @Test
    void aRelativePathNeedsOneFolder() {
        assertThat(parts(FOLDERS.subList(1, 2), "me/./x")).containsExactly("/home:[me/x]@/out/home");
        assertThatThrownBy(() -> parts(FOLDERS, "me")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> parts(FOLDERS, "/home/../etc")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void foldersAreReadFromTheEvidence() throws FormatException {
        Map<String, Object> evidence =
                Map.of("folders", List.of(Map.of("stream", "folders/etc.tar", "folder", "/etc", "entries", Map.of())));
        assertThat(SavedFolder.of(evidence))
                .containsExactly(new SavedFolder("folders/etc.tar", new HostFolder("/etc")));
        assertThatThrownBy(() -> SavedFolder.of(Map.of())).isInstanceOf(FormatException.class);
    }
}
