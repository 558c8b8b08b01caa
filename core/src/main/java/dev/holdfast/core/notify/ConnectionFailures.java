package dev.holdfast.core.notify;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in our own words why a connection failed, since those of libraries may repeat addresses. */
final class ConnectionFailures {
    private ConnectionFailures() {}

    /** @param name of the receiver */
    static NotifyException of(IOException failure, String name) {
        if (has(failure, CertificateException.class)) {
            return new NotifyException.Refused(
                    name + " has a TLS certificate that is not trusted, or is for another name");
        }
        if (has(failure, UnresolvedAddressException.class) || has(failure, UnknownHostException.class)) {
            return new NotifyException.Unavailable(name + " cannot be found: its host has no address");
        }
        if (has(failure, HttpTimeoutException.class) || has(failure, SocketTimeoutException.class)) {
            return new NotifyException.Unavailable(name + " did not answer in time");
        }
        if (has(failure, ConnectException.class) || has(failure, NoRouteToHostException.class)) {
            return new NotifyException.Unavailable(name + " cannot be reached: nothing answers there");
        }
        if (has(failure, SSLException.class)) {
            return new NotifyException.Unavailable(name + " and this host cannot agree on TLS");
        }
        return new NotifyException.Unavailable(
                name + ": the connection broke (" + failure.getClass().getSimpleName() + ")");
    }

    static boolean has(Throwable failure, Class<? extends Throwable> type) {
        @Nullable Throwable each = failure;
        for (int depth = 0; each != null && depth < 20; depth++) {
            if (type.isInstance(each)) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }
}
