package dev.holdfast.core.storage.s3;

import dev.holdfast.core.storage.Body;
import dev.holdfast.core.storage.BodyInput;
import dev.holdfast.core.storage.S3Vendor.Checksum;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/** Puts the checksum of the bytes into a request, in the header that the vendor verifies. */
enum Checksums {
    SHA256("SHA-256") {
        @Override
        PutObjectRequest.Builder put(PutObjectRequest.Builder request, String value) {
            // a put with a retention must name the algorithm too
            return request.checksumAlgorithm(ChecksumAlgorithm.SHA256).checksumSHA256(value);
        }

        @Override
        UploadPartRequest.Builder part(UploadPartRequest.Builder request, String value) {
            return request.checksumSHA256(value);
        }

        @Override
        CreateMultipartUploadRequest.Builder create(CreateMultipartUploadRequest.Builder request) {
            return request.checksumAlgorithm(ChecksumAlgorithm.SHA256);
        }

        @Override
        CompletedPart.Builder completed(CompletedPart.Builder part, String value) {
            return part.checksumSHA256(value);
        }
    },
    MD5("MD5") {
        @Override
        PutObjectRequest.Builder put(PutObjectRequest.Builder request, String value) {
            return request.contentMD5(value);
        }

        @Override
        UploadPartRequest.Builder part(UploadPartRequest.Builder request, String value) {
            return request.contentMD5(value);
        }

        @Override
        CreateMultipartUploadRequest.Builder create(CreateMultipartUploadRequest.Builder request) {
            return request;
        }

        @Override
        CompletedPart.Builder completed(CompletedPart.Builder part, String value) {
            return part;
        }
    };

    private static final int BUFFER_BYTES = 64 * 1024;
    private final String algorithm;

    Checksums(String algorithm) {
        this.algorithm = algorithm;
    }

    static Checksums of(Checksum kind) {
        return switch (kind) {
            case SHA256 -> SHA256;
            case MD5 -> MD5;
        };
    }

    abstract PutObjectRequest.Builder put(PutObjectRequest.Builder request, String value);

    abstract UploadPartRequest.Builder part(UploadPartRequest.Builder request, String value);

    abstract CreateMultipartUploadRequest.Builder create(CreateMultipartUploadRequest.Builder request);

    abstract CompletedPart.Builder completed(CompletedPart.Builder part, String value);

    /**
     * The checksum of a whole body, in Base64; reads a streamed body once, so that what is wrong with it (its length, a
     * dump that died) is known before the first byte is sent.
     */
    String of(Body body) throws IOException {
        if (body instanceof Body.Memory memory) {
            return of(memory.content(), memory.offset(), memory.length());
        }
        MessageDigest digest = digest();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (BodyInput in = BodyInput.open(body)) {
            for (int count = in.read(buffer, 0, buffer.length); count >= 0; count = in.read(buffer, 0, buffer.length)) {
                digest.update(buffer, 0, count);
            }
        }
        return Base64.getEncoder().encodeToString(digest.digest());
    }

    String of(byte[] content, int offset, int length) {
        MessageDigest digest = digest();
        digest.update(content, offset, length);
        return Base64.getEncoder().encodeToString(digest.digest());
    }

    private MessageDigest digest() {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
