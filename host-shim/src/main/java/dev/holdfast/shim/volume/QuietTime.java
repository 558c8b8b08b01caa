package dev.holdfast.shim.volume;

import dev.holdfast.core.source.DumpFailedException;
import dev.holdfast.shim.docker.ContainerControl;
import dev.holdfast.shim.docker.ContainerControl.AfterStop;
import dev.holdfast.shim.docker.ContainerControl.Inspected;
import dev.holdfast.shim.docker.Engine;
import dev.holdfast.shim.docker.EngineException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The time in which containers are quiet: hooks, then pause or stop, then the hook on the host; and all of it back in the reverse order when
 * it ends. Only what runs is touched, so what was stopped or paused before stays so.
 */
final class QuietTime {
    /** The signals' exit code when a container did not end within its time: 128 and SIGKILL. */
    private static final long KILLED = 137;

    private final Engine engine;
    private final ContainerControl control;
    private final Journal journal;
    private final List<String> warnings = new ArrayList<>();
    private final Map<String, Object> evidence = new LinkedHashMap<>();
    private boolean allStopped = true;
    private boolean over;

    QuietTime(Engine engine, Journal journal) {
        this.engine = engine;
        this.control = new ContainerControl(engine);
        this.journal = journal;
    }

    /** Whether every container that ran was stopped and ended by itself. */
    boolean allStopped() {
        return allStopped && !evidence.isEmpty();
    }

    Map<String, Object> evidence() {
        return evidence;
    }

    List<String> warnings() {
        return warnings;
    }

    /** Begins it for these containers. After a failure {@link #end()} is to be called all the same. */
    void begin(List<Inspected> containers, VolumeSettings settings) throws IOException {
        Map<Inspected, Quiet> wanted = new LinkedHashMap<>();
        for (Inspected one : containers) {
            Quiet quiet = Quiet.of(settings.quiet(), one.container());
            refuse(one, quiet);
            Hooks.limit(one.container());
            wanted.put(one, quiet);
        }
        for (var one : wanted.entrySet()) {
            hook(one.getKey());
        }
        for (var one : wanted.entrySet()) {
            quieten(one.getKey(), one.getValue());
        }
        if (settings.hostBefore().isPresent() || settings.hostAfter().isPresent()) {
            hostHook(settings);
        }
    }

    private void hostHook(VolumeSettings settings) throws IOException {
        if (settings.hostAfter().isPresent()) {
            journal.intend(new Step.HostHooked(settings.hostAfter().get()));
        }
        if (settings.hostBefore().isPresent()) {
            Optional<String> failed = settings.hostBefore().get().run();
            if (failed.isPresent()) {
                throw new DumpFailedException(failed.get());
            }
        }
    }

    /** Ends it: everything is as it was. What could not be brought back is a warning, and is tried again by the next command. */
    void end() {
        if (!over) {
            over = true;
            warnings.addAll(journal.undoAll(engine));
        }
    }

    boolean isOver() {
        return over;
    }

    private static void refuse(Inspected one, Quiet quiet) throws EngineException {
        if (quiet == Quiet.STOP && one.isRunning() && one.afterStop() == AfterStop.IS_REMOVED) {
            throw new EngineException.ServiceRefused("container " + one.name()
                    + " was started with --rm: a stop would remove it, so pause it instead (--consistency pause)");
        }
        if (quiet != Quiet.NONE && one.container().state().equals("restarting")) {
            throw new EngineException.ServiceRefused("container " + one.name()
                    + " is restarting again and again: it can be neither paused nor stopped in a known state");
        }
    }

    private void hook(Inspected one) throws IOException {
        if (one.isRunning() && Hooks.has(one.container())) {
            journal.intend(new Step.Hooked(one.container().id()));
            Hooks.before(engine, one.container());
        }
    }

    private void quieten(Inspected one, Quiet quiet) throws IOException {
        Map<String, Object> what = new LinkedHashMap<>();
        what.put("before", one.container().state());
        what.put("consistency", quiet.word());
        what.put("hooks", one.isRunning() && Hooks.has(one.container()) ? "run" : "none");
        evidence.put(one.name(), what);
        if (!one.isRunning()) {
            allStopped &= !one.container().state().equals("paused") && one.exitCode() != KILLED;
            return;
        }
        String id = one.container().id();
        switch (quiet) {
            case NONE -> allStopped = false;
            case PAUSE -> {
                allStopped = false;
                journal.intend(new Step.Paused(id, one.startedAt()));
                control.pause(one.container());
            }
            case STOP -> {
                journal.intend(new Step.Stopped(id, one.startedAt()));
                control.stop(one.container());
                long code = control.inspect(id).exitCode();
                what.put("exitCode", code);
                if (code == KILLED) {
                    allStopped = false;
                    warnings.add("container " + one.name()
                            + " did not end within its time and was killed: its volumes are as after a crash");
                }
            }
        }
    }
}
