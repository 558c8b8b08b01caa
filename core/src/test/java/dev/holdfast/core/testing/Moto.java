package dev.holdfast.core.testing;

import dev.holdfast.core.model.ObjectKey;
import dev.holdfast.core.model.Secret;
import dev.holdfast.core.providers.Providers;
import dev.holdfast.core.storage.S3Vendor;
import dev.holdfast.core.storage.StorageDriver;
import dev.holdfast.core.storage.StorageSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.UUID;

/** An S3 server with Object Lock: moto in a container. It asks nobody who he is. */
public final class Moto implements AutoCloseable {
    private static final String IMAGE = "holdfast-test/moto:1";

    private final TestContainer container;
    private final int port;

    private Moto(TestContainer container, int port) {
        this.container = container;
        this.port = port;
    }

    public static Moto start() throws IOException {
        int port = TestContainer.freePort();
        TestContainer container = TestContainer.image(IMAGE)
                .hostNetwork(port)
                .option("--init")
                .environment("PORT", String.valueOf(port))
                .start();
        try {
            container.awaitPort(port);
            return new Moto(container, port);
        } catch (IOException e) {
            container.close();
            throw e;
        }
    }

    /** A fresh bucket with Object Lock, and therefore with versions. */
    public StorageSpec.S3 lockingBucket() throws IOException {
        return bucket("x-amz-bucket-object-lock-enabled", "true");
    }

    /** A fresh bucket as anyone makes it. */
    public StorageSpec.S3 plainBucket() throws IOException {
        return bucket("x-amz-acl", "private");
    }

    private StorageSpec.S3 bucket(String header, String value) throws IOException {
        String name = "hf-" + UUID.randomUUID();
        send(HttpRequest.newBuilder(address("/" + name))
                .header(header, value)
                .PUT(HttpRequest.BodyPublishers.noBody()));
        return new StorageSpec.S3(
                S3Vendor.AWS,
                S3Vendor.Place.ofRegion("us-east-1").withEndpoint(address("")),
                name,
                Optional.empty(),
                "local-id",
                Secret.of("local-secret-key-of-the-tests"),
                Optional.empty(),
                Optional.empty());
    }

    /** Deletes an object as a program does that knows nothing of locks: a marker hides it. */
    public static void hide(StorageSpec.S3 bucket, ObjectKey key) throws IOException {
        StorageSpec.S3 plain = new StorageSpec.S3(
                S3Vendor.GENERIC,
                bucket.place(),
                bucket.bucket(),
                Optional.empty(),
                bucket.accessKeyId(),
                bucket.secretKey(),
                Optional.empty(),
                Optional.empty());
        try (StorageDriver driver = Providers.open(plain)) {
            driver.delete(key);
        }
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static void send(HttpRequest.Builder request) throws IOException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("moto answers " + answer.statusCode() + " " + answer.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        container.close();
    }
}
