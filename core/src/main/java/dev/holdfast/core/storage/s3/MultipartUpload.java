package dev.holdfast.core.storage.s3;

import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.BodyInput;
import dev.holdfast.core.storage.StorageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * One body sent in parts of equal size (R2 wants that), a few at a time, and aborted whatever fails. Memory: four parts of
 * 16 MiB, or fewer and larger ones up to 128 MiB in all; a body in memory is sent from where it is.
 */
final class MultipartUpload {
    /** A server takes so many parts at most. */
    private static final int MAX_PARTS = 10_000;

    private static final long MEBIBYTE = 1L << 20;
    private static final long PART_BYTES = 16 * MEBIBYTE;
    private static final long MAX_PART_BYTES = 64 * MEBIBYTE;
    private static final long MEMORY_BYTES = 128 * MEBIBYTE;
    private static final int PARALLEL = 4;

    private final S3Client s3;
    private final String bucket;
    private final String key;
    private final Checksums checksums;
    private final S3Errors errors;
    private final Optional<S3Driver.Retention> retention;
    private final boolean ifAbsent;

    MultipartUpload(
            S3Client s3,
            String bucket,
            String key,
            Checksums checksums,
            S3Errors errors,
            Optional<S3Driver.Retention> retention,
            boolean ifAbsent) {
        this.s3 = s3;
        this.bucket = bucket;
        this.key = key;
        this.checksums = checksums;
        this.errors = errors;
        this.retention = retention;
        this.ifAbsent = ifAbsent;
    }

    void run(Body body) throws IOException {
        int partBytes = partBytes(body.bytes());
        String upload = create();
        try {
            complete(upload, send(upload, body, partBytes));
        } catch (IOException | RuntimeException | Error e) {
            abort(upload, e);
            throw e;
        }
    }

    /** The size of all parts but the last one, in bytes: 16 MiB, and whole MiB more where 10,000 parts need it. */
    static int partBytes(long bytes) throws StorageException {
        long least = Math.ceilDiv(Math.ceilDiv(bytes, MAX_PARTS), MEBIBYTE) * MEBIBYTE;
        if (least > MAX_PART_BYTES) {
            throw new StorageException.Rejected(
                    StorageException.Reason.INVALID,
                    "an object of " + bytes + " bytes is larger than the " + MAX_PARTS * MAX_PART_BYTES
                            + " that can be stored as one",
                    null);
        }
        return Math.toIntExact(Math.max(PART_BYTES, least));
    }

    private String create() throws StorageException {
        CreateMultipartUploadRequest.Builder request = checksums.create(
                CreateMultipartUploadRequest.builder().bucket(bucket).key(key));
        retention.ifPresent(r -> request.objectLockMode(r.mode()).objectLockRetainUntilDate(r.until()));
        try {
            return s3.createMultipartUpload(request.build()).uploadId();
        } catch (SdkException e) {
            throw errors.of(e, action(), key);
        }
    }

    private List<CompletedPart> send(String upload, Body body, int partBytes) throws IOException {
        int parallel = Math.clamp(MEMORY_BYTES / partBytes, 1, PARALLEL);
        BlockingQueue<Buffer> free = new ArrayBlockingQueue<>(parallel);
        for (int i = 0; i < parallel; i++) {
            free.add(new Buffer());
        }
        AtomicBoolean failed = new AtomicBoolean();
        List<Future<CompletedPart>> sending = new ArrayList<>();
        // closing the executor waits for the parts in flight, so that an abort leaves none behind
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                BodyInput in = BodyInput.open(body)) {
            for (long offset = 0; offset < body.bytes() && !failed.get(); offset += partBytes) {
                int length = (int) Math.min(partBytes, body.bytes() - offset);
                int number = sending.size() + 1;
                Buffer buffer = free.take();
                Body.Memory part = buffer.filled(body, in, offset, length, partBytes);
                sending.add(threads.submit(() -> {
                    boolean done = false;
                    try {
                        CompletedPart completed = sendPart(upload, number, part);
                        done = true;
                        return completed;
                    } finally {
                        failed.compareAndSet(false, !done);
                        free.add(buffer);
                    }
                }));
            }
            return results(sending);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException.Unavailable("upload of " + key + " was interrupted", e);
        }
    }

    private static List<CompletedPart> results(List<Future<CompletedPart>> sending)
            throws IOException, InterruptedException {
        List<CompletedPart> parts = new ArrayList<>(sending.size());
        for (Future<CompletedPart> each : sending) {
            try {
                parts.add(each.get());
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case IOException cause -> throw cause;
                    case RuntimeException cause -> throw cause;
                    case Error cause -> throw cause;
                    case null, default -> throw new IllegalStateException("a part failed in an unknown way", e);
                }
            }
        }
        return parts;
    }

    private CompletedPart sendPart(String upload, int number, Body.Memory part) throws StorageException {
        String checksum = checksums.of(part.content(), part.offset(), part.length());
        UploadPartRequest.Builder request = UploadPartRequest.builder()
                .bucket(bucket)
                .key(key)
                .uploadId(upload)
                .partNumber(number)
                .contentLength(part.bytes());
        checksums.part(request, checksum);
        try {
            String tag =
                    s3.uploadPart(request.build(), new SentBody(part).request()).eTag();
            CompletedPart.Builder completed =
                    CompletedPart.builder().partNumber(number).eTag(tag);
            return checksums.completed(completed, checksum).build();
        } catch (SdkException e) {
            throw errors.of(e, action(), key);
        }
    }

    private void complete(String upload, List<CompletedPart> parts) throws StorageException {
        CompleteMultipartUploadRequest.Builder request = CompleteMultipartUploadRequest.builder()
                .bucket(bucket)
                .key(key)
                .uploadId(upload)
                .multipartUpload(m -> m.parts(parts));
        if (ifAbsent) {
            request.ifNoneMatch("*");
        }
        try {
            s3.completeMultipartUpload(request.build());
        } catch (SdkException e) {
            throw errors.of(e, action(), key);
        }
    }

    private void abort(String upload, Throwable reason) {
        try {
            s3.abortMultipartUpload(a -> a.bucket(bucket).key(key).uploadId(upload));
        } catch (SdkException e) {
            reason.addSuppressed(errors.of(e, S3Action.ABORT, key));
        }
    }

    private S3Action action() {
        return retention.isPresent() ? S3Action.PUT_LOCKED : S3Action.PUT;
    }

    /** The memory of one part in flight, made when the first streamed part needs it. */
    private static final class Buffer {
        private byte[] bytes = new byte[0];

        Body.Memory filled(Body body, BodyInput in, long offset, int length, int partBytes) throws IOException {
            if (body instanceof Body.Memory memory) {
                return new Body.Memory(memory.content(), memory.offset() + Math.toIntExact(offset), length);
            }
            if (bytes.length == 0) {
                bytes = new byte[partBytes];
            }
            in.readNBytes(bytes, 0, length); // exactly, or BodyInput throws
            return new Body.Memory(bytes, 0, length);
        }
    }
}
