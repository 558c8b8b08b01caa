package dev.holdfast.shim.docker;

/**
 * How a short command ended.
 *
 * @param stdout everything it printed, as UTF-8
 * @param stderr the last 64 KiB of what it complained, as UTF-8
 */
public record ExecResult(int exitCode, String stdout, String stderr) {
    /** The shell's codes for "not found" and "found but not executable"; engines use the same two. */
    public boolean commandMissing() {
        return exitCode == 127 || exitCode == 126;
    }
}
