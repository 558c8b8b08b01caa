package dev.holdfast.shim.cli;

import dev.holdfast.core.catalog.LeaseHeldException;
import dev.holdfast.core.config.ConfigurationException;
import dev.holdfast.core.crypto.WrongKeyException;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.restore.PathNotFoundException;

/** What the process ends with. */
final class ExitCode {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int WRONG_USE = 2;
    /** Done, but something was skipped or is weaker than asked. */
    static final int WARNINGS = 3;

    static final int NOT_FOUND = 10;
    static final int LOCKED = 11;
    static final int WRONG_KEY = 12;

    private ExitCode() {}

    static int of(Throwable failure) {
        return switch (failure) {
            case NotFoundException e -> NOT_FOUND;
            case PathNotFoundException e -> NOT_FOUND;
            case EngineException.ContainerNotFound e -> NOT_FOUND;
            case EngineException.VolumeNotFound e -> NOT_FOUND;
            case LeaseHeldException e -> LOCKED;
            case WrongKeyException e -> WRONG_KEY;
            case ConfigurationException e -> WRONG_USE;
            case IllegalArgumentException e -> WRONG_USE;
            default -> FAILED;
        };
    }
}
