package dev.holdfast.core.storage.gdrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stand-in is as strict as it says; a test of the driver against it would prove nothing otherwise. */
class StandInTest {
    private static final int UNIT = UploadSessions.UNIT_BYTES;

    private final StandInDrive drive = new StandInDrive();
    private final UploadSessions uploads = new UploadSessions(drive);

    private static void refused(int status, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    private String session(int bytes) {
        return uploads.begin(bytes, content -> drive.create("file", "application/octet-stream", List.of(), content));
    }

    @Test
    void piecesMustBeMultiplesOf256KiBButForTheLast() throws Exception {
        String id = session(2 * UNIT + 5);
        refused(400, () -> uploads.piece(id, "bytes 0-9/" + (2 * UNIT + 5), new byte[10]));
        uploads.piece(id, "bytes 0-" + (2 * UNIT - 1) + "/" + (2 * UNIT + 5), new byte[2 * UNIT]);
        assertThat(drive.named("file")).isEmpty();
        uploads.piece(id, "bytes " + 2 * UNIT + "-" + (2 * UNIT + 4) + "/" + (2 * UNIT + 5), new byte[5]);
        assertThat(drive.only("file").content()).hasSize(2 * UNIT + 5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes 0-262143/*",
                "bytes 0-262142/1000000",
                "bytes 5-262148/1000000",
                "bytes 0-262143/1000001",
                "items 0-262143/1000000"
            })
    void theRangeMustFit(String range) {
        refused(400, () -> uploads.piece(session(1_000_000), range, new byte[UNIT]));
        refused(404, () -> uploads.piece("unknown", "bytes 0-262143/1000000", new byte[UNIT]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "name = 'x'",
                "'root' in parents and name contains 'x'",
                "'root' in parents and trashed = true",
                "'root' in parents and name = 'it's'",
                "'root' in parents and name = 'a\\b'",
                "'root' in parents and modifiedTime = 'x'",
                "'root' in parents or 'root' in parents",
                "('root' in parents or 'root' in parents",
                "'root' in parents and",
                "'root' in owners"
            })
    void searchesThatTheDriverDoesNotMakeAreRefused(String query) {
        refused(400, () -> drive.list(query, 10, Optional.empty()));
    }

    @Test
    void unknownFoldersAndTokensAreRefused() throws Exception {
        refused(404, () -> drive.list("'nowhere' in parents", 10, Optional.empty()));
        refused(404, () -> drive.create("x", "text/plain", List.of("nowhere"), new byte[0]));
        refused(400, () -> drive.list("'root' in parents", 10, Optional.of("no such token")));

        drive.create("a", "text/plain", List.of(), new byte[0]);
        drive.create("a", "text/plain", List.of(), new byte[0]);
        StandInDrive.Found first = drive.list("'root' in parents", 1, Optional.empty());
        assertThat(first.next()).isPresent();
        refused(400, () -> drive.list("'root' in parents and trashed = false", 1, first.next()));
        StandInDrive.Found again = drive.list("'root' in parents", 1, Optional.empty());
        drive.expirePageTokens();
        refused(400, () -> drive.list("'root' in parents", 1, again.next()));
    }

    @Test
    void fieldsThatWereNotAskedForAreLeftOut() throws Exception {
        Map<String, Object> file =
                drive.create("a", "text/plain", List.of(), new byte[3]).json(false);
        assertThat(FieldMask.ofFile("id,size", file)).containsOnlyKeys("id", "size");
        assertThat(FieldMask.ofFile("", file)).containsOnlyKeys("kind", "id", "name", "mimeType");
        refused(400, () -> FieldMask.ofFile("id,secrets", file));
        refused(400, () -> FieldMask.ofList("files", Map.of(), List.of(file)));
    }

    @Test
    void whatIsBelowAFolderInTheTrashIsInTheTrash() throws Exception {
        String folder = drive.create("f", DriveEntry.FOLDER_TYPE, List.of(), new byte[0])
                .id();
        StandInFile file = drive.create("a", "text/plain", List.of(folder), new byte[0]);
        drive.trash(folder);
        assertThat(drive.isTrashed(file)).isTrue();
        assertThat(drive.list("'" + folder + "' in parents and trashed = false", 10, Optional.empty())
                        .files())
                .isEmpty();
        drive.delete(folder);
        refused(404, () -> drive.known(file.id()));
    }
}
