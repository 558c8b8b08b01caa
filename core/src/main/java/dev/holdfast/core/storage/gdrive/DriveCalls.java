package dev.holdfast.core.storage.gdrive;

import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.drive.Drive;
import com.google.api.services.drive.DriveRequest;
import com.google.api.services.drive.model.File;
import com.google.api.services.drive.model.FileList;
import dev.holdfast.core.storage.ByteRange;
import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The requests to the Drive API that move no body, each made once more only when the connection it took from the pool had
 * died idle. What is not there is empty; other failures are classified.
 */
final class DriveCalls {
    /** The real one. */
    static final Endpoints GOOGLE =
            new Endpoints(URI.create(Drive.DEFAULT_ROOT_URL), URI.create("https://oauth2.googleapis.com/token"));

    private static final int PAGE_ENTRIES = 1000;
    private static final String LIST_FIELDS = "nextPageToken,incompleteSearch,files(" + DriveEntry.FIELDS + ")";

    private final Drive drive;
    private final DriveErrors errors;
    private final LastIds removed = new LastIds();

    /** Where the API and the token server are. */
    record Endpoints(URI api, URI tokens) {}

    DriveCalls(Endpoints endpoints, HttpTransport transport, DriveLogin login, DriveErrors errors) {
        this.drive = new Drive.Builder(transport, GsonFactory.getDefaultInstance(), login)
                .setApplicationName("holdfast")
                .setRootUrl(endpoints.api().toString())
                .build();
        this.errors = errors;
    }

    Drive sdk() {
        return drive;
    }

    DriveErrors errors() {
        return errors;
    }

    /** A file or folder by its id; empty when there is none. */
    Optional<DriveEntry> entry(String id, String action) throws StorageException {
        try {
            File file = execute(drive.files().get(id).setSupportsAllDrives(true).setFields(DriveEntry.FIELDS));
            return Optional.of(DriveEntry.of(file));
        } catch (IOException e) {
            if (DriveErrors.isNotFound(e)) {
                return Optional.empty();
            }
            throw errors.of(e, action);
        }
    }

    /**
     * All that a search finds, but for what this process has removed: a search may still know it for a while.
     *
     * @param driveId of the shared drive to search; empty for the person's own files
     * @return empty when a folder that the search names is gone
     */
    Optional<List<DriveEntry>> search(String query, Optional<String> driveId, String action) throws StorageException {
        List<DriveEntry> all = new ArrayList<>();
        @Nullable String token = null;
        try {
            do {
                FileList page = execute(page(query, driveId, token));
                addAll(all, page, action);
                token = page.getNextPageToken();
            } while (token != null);
        } catch (IOException e) {
            if (DriveErrors.isNotFound(e)) {
                return Optional.empty();
            }
            throw errors.of(e, action);
        }
        all.removeIf(entry -> removed.contains(entry.id()));
        return Optional.of(all);
    }

    private Drive.Files.List page(String query, Optional<String> driveId, @Nullable String token) throws IOException {
        Drive.Files.List request = drive.files()
                .list()
                .setQ(query)
                .setSpaces("drive")
                .setPageSize(PAGE_ENTRIES)
                .setSupportsAllDrives(true)
                .setIncludeItemsFromAllDrives(true)
                .setFields(LIST_FIELDS);
        if (driveId.isPresent()) {
            request.setCorpora("drive").setDriveId(driveId.get());
        }
        if (token != null) {
            request.setPageToken(token);
        }
        return request;
    }

    private static void addAll(List<DriveEntry> all, FileList page, String action) throws StorageException {
        Boolean incomplete = page.getIncompleteSearch();
        List<File> files = page.getFiles();
        if (incomplete != null && incomplete) {
            throw new StorageException.Unavailable(
                    "cannot " + action + ": Google Drive did not search everywhere; try again", null);
        }
        if (files == null) {
            throw new StorageException.Corrupt("cannot " + action + ": Google Drive answers without files", null);
        }
        for (File file : files) {
            all.add(DriveEntry.of(file));
        }
    }

    /**
     * Makes a folder.
     *
     * @param parent empty for My Drive
     * @return empty when the parent is gone
     */
    Optional<DriveEntry> makeFolder(Optional<String> parent, String name, String action) throws StorageException {
        File metadata = new File().setName(name).setMimeType(DriveEntry.FOLDER_TYPE);
        parent.ifPresent(id -> metadata.setParents(List.of(id)));
        try {
            File made = execute(
                    drive.files().create(metadata).setSupportsAllDrives(true).setFields(DriveEntry.FIELDS));
            return Optional.of(DriveEntry.of(made));
        } catch (IOException e) {
            if (DriveErrors.isNotFound(e)) {
                return Optional.empty();
            }
            throw errors.of(e, action);
        }
    }

    /** Removes a file for good, past the trash; done also when there is none. */
    void delete(String id, String action) throws StorageException {
        try {
            execute(drive.files().delete(id).setSupportsAllDrives(true));
        } catch (IOException e) {
            if (!DriveErrors.isNotFound(e)) {
                throw errors.of(e, action);
            }
        }
        removed.add(id);
    }

    /**
     * Opens a file's bytes. The caller closes the answer.
     *
     * @throws IOException unclassified, as the SDK has it
     */
    HttpResponse open(String id, ByteRange range) throws IOException {
        Drive.Files.Get request = drive.files().get(id);
        request.setSupportsAllDrives(true);
        request.setReturnRawInputStream(true);
        request.getRequestHeaders().setAcceptEncoding("identity");
        if (!range.isAll()) {
            request.getRequestHeaders()
                    .setRange("bytes=" + range.offset() + "-" + (range.isToEnd() ? "" : range.lastInclusive()));
        }
        try {
            return request.executeMedia();
        } catch (IOException e) {
            if (!DriveErrors.isDeadConnection(e)) {
                throw e;
            }
            return request.executeMedia();
        }
    }

    private static <T> T execute(DriveRequest<T> request) throws IOException {
        request.setDisableGZipContent(true);
        try {
            return request.execute();
        } catch (IOException e) {
            if (!DriveErrors.isDeadConnection(e)) {
                throw e;
            }
            return request.execute();
        } catch (IllegalArgumentException e) {
            throw new StorageException.Corrupt("the answer is not one of Google Drive; look for a proxy in between", e);
        }
    }
}
