package dev.holdfast.shim.docker;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Docker could not do what was asked. Each message is one sentence for the user and holds no environment. */
public abstract sealed class EngineException extends IOException {
    private static final long serialVersionUID = 1L;

    private EngineException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The engine does not answer, or answered with a fault of its own. */
    public static final class Unavailable extends EngineException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** No container has that name or id. */
    public static final class ContainerNotFound extends EngineException {
        private static final long serialVersionUID = 1L;

        public ContainerNotFound(String container) {
            super("container " + container + " does not exist", null);
        }
    }

    /** No volume has that name. */
    public static final class VolumeNotFound extends EngineException {
        private static final long serialVersionUID = 1L;

        public VolumeNotFound(String volume) {
            super("volume " + volume + " does not exist", null);
        }
    }

    /** The container exists and cannot run a command in the state it is in. */
    public static final class ContainerNotRunning extends EngineException {
        private static final long serialVersionUID = 1L;

        public ContainerNotRunning(String container, String state) {
            super("container " + container + " is " + state + ", not running: start it and try again", null);
        }
    }

    /** The container is there and the service inside is not what was expected, or refuses to be used. */
    public static final class ServiceRefused extends EngineException {
        private static final long serialVersionUID = 1L;

        public ServiceRefused(String message) {
            super(message, null);
        }
    }
}
