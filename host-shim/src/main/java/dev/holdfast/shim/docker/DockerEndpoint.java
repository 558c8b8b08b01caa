package dev.holdfast.shim.docker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;

/** Where the engine listens. */
public sealed interface DockerEndpoint {
    /** The engine's socket file. */
    record Unix(Path socket) implements DockerEndpoint {}

    /** A socket proxy. Plain TCP: the proxy must be on a network that only this host reaches. */
    record Tcp(String host, int port) implements DockerEndpoint {}

    /** {@code DOCKER_HOST} of the environment given, or the usual socket. */
    static DockerEndpoint of(Map<String, String> environment) {
        String text = environment.getOrDefault("DOCKER_HOST", "");
        if (text.isEmpty()) {
            return new Unix(Path.of("/var/run/docker.sock"));
        }
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("DOCKER_HOST is not an address: " + text, e);
        }
        if ("unix".equals(uri.getScheme()) && uri.getPath() != null) {
            return new Unix(Path.of(uri.getPath()));
        }
        if ("tcp".equals(uri.getScheme()) && uri.getHost() != null) {
            if (!environment.getOrDefault("DOCKER_TLS_VERIFY", "").isEmpty()) {
                throw new IllegalArgumentException(
                        "DOCKER_TLS_VERIFY is set: TLS to the engine is not supported, use its unix socket");
            }
            return new Tcp(uri.getHost(), uri.getPort() < 0 ? 2375 : uri.getPort());
        }
        throw new IllegalArgumentException("DOCKER_HOST must begin with unix:// or tcp://, and is " + text);
    }

    default URI uri() {
        return switch (this) {
            case Unix(Path socket) -> URI.create("unix://" + socket);
            case Tcp(String host, int port) -> URI.create("tcp://" + host + ":" + port);
        };
    }

    /** A new connected, blocking channel. */
    default SocketChannel open() throws IOException {
        SocketAddress address = switch (this) {
            case Unix(Path socket) -> UnixDomainSocketAddress.of(socket);
            case Tcp(String host, int port) -> new InetSocketAddress(host, port);
        };
        SocketChannel channel =
                SocketChannel.open(this instanceof Unix ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET);
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20);
            channel.connect(address);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }
}
