package dev.holdfast.shim.volume;

import dev.holdfast.shim.docker.ContainerControl;
import dev.holdfast.shim.docker.ContainerControl.Inspected;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import dev.holdfast.shim.docker.VolumeAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/** Something done to the host that is to be taken back. Each is written down before it is done, so it may not have been done. */
sealed interface Step {
    /** A container through which a volume is read or written; it is removed. */
    record Helper(String name) implements Step {}

    /** A running container that is frozen. It goes on, unless it was started anew meanwhile. */
    record Paused(String container, String startedAt) implements Step {}

    /** A running container that is stopped. It is started, unless that was done meanwhile. */
    record Stopped(String container, String startedAt) implements Step {}

    /** A container whose first hook runs; its second hook is run. */
    record Hooked(String container) implements Step {}

    /** The first hook on the host runs; the second one is run. */
    record HostHooked(HostHook after) implements Step {}

    /** One line without line ends. */
    default String line() {
        return switch (this) {
            case Helper(var name) -> "helper " + name;
            case Paused(var container, var startedAt) -> "paused " + container + " " + startedAt;
            case Stopped(var container, var startedAt) -> "stopped " + container + " " + startedAt;
            case Hooked(var container) -> "hooked " + container;
            case HostHooked(var after) ->
                "host-hooked " + after.limit().toSeconds() + " "
                        + Base64.getEncoder().encodeToString(after.command().getBytes(StandardCharsets.UTF_8));
        };
    }

    /** Throws {@link IllegalArgumentException} when the line is not one of these. */
    static Step parse(String line) {
        String[] words = line.split(" ", -1);
        return switch (words[0] + "/" + (words.length - 1)) {
            case "helper/1" -> new Helper(words[1]);
            case "paused/2" -> new Paused(words[1], words[2]);
            case "stopped/2" -> new Stopped(words[1], words[2]);
            case "hooked/1" -> new Hooked(words[1]);
            case "host-hooked/2" ->
                new HostHooked(new HostHook(
                        new String(Base64.getDecoder().decode(words[2]), StandardCharsets.UTF_8),
                        Duration.ofSeconds(Long.parseLong(words[1]))));
            default -> throw new IllegalArgumentException("an unknown step: " + words[0]);
        };
    }

    /**
     * Takes it back; does nothing when there is nothing to take back. Throws when it could not be done now, to be tried again.
     *
     * @return what a user should know: a hook that failed
     */
    default Optional<String> undo(Engine engine) throws IOException {
        ContainerControl control = new ContainerControl(engine);
        try {
            return switch (this) {
                case Helper(var name) -> {
                    new VolumeAccess(engine).remove(name);
                    yield Optional.empty();
                }
                case Paused(var id, var startedAt) -> {
                    Inspected now = control.inspect(id);
                    if (now.startedAt().equals(startedAt)
                            && now.container().state().equals("paused")) {
                        control.unpause(now.container());
                    }
                    yield Optional.empty();
                }
                case Stopped(var id, var startedAt) -> {
                    Inspected now = control.inspect(id);
                    if (now.startedAt().equals(startedAt)) {
                        control.start(now.container());
                    }
                    yield Optional.empty();
                }
                case Hooked(var id) -> Hooks.after(engine, control.inspect(id).container());
                case HostHooked(var after) -> after.run();
            };
        } catch (EngineException.ContainerNotFound gone) {
            return Optional.of(gone.getMessage() + " any more, so it could not be brought back to what it was");
        }
    }

    /** For people. */
    default String told() {
        return switch (this) {
            case Helper(var name) -> "its container " + name;
            case Paused paused -> "the pause of container " + brief(paused.container());
            case Stopped stopped -> "the stop of container " + brief(stopped.container());
            case Hooked(var id) -> "the hook of container " + brief(id);
            case HostHooked hooked -> "the hook on this host";
        };
    }

    private static String brief(String id) {
        return id.substring(0, Math.min(12, id.length()));
    }
}
