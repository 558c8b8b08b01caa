package dev.holdfast.core.storage;

/** How the server is asked where to open a data connection. Data connections always go out from here. */
public enum FtpPassiveMode {
    /** EPSV (RFC 2428) over IPv4 and IPv6: only a port is told, so it survives address translation. The default. */
    EPSV,
    /**
     * PASV over IPv4, for servers and firewalls that do not know EPSV. The address in the reply is not used (it is often
     * a private one): the data connection goes to the control connection's address. IPv6 has no PASV and stays with EPSV.
     */
    PASV
}
