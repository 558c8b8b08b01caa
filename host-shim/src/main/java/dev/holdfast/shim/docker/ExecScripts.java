package dev.holdfast.shim.docker;

/** What runs around a command in its container: POSIX shell with built-ins and grep, no more than any image with a shell has. */
final class ExecScripts {
    /** Runs "$@" and ends it when stdin breaks. All children are waited for: see {@link ExecStream} on orphans. */
    static final String LIFELINE = """
            exec 3<&0
            "$@" </dev/null 3<&- &
            command=$!
            { while read -r ignored <&3; do :; done; kill -TERM "$command"; } >/dev/null 2>&1 &
            lifeline=$!
            exec 3<&-
            wait "$command"
            code=$?
            kill "$lifeline" 2>/dev/null
            wait "$lifeline" 2>/dev/null
            exit "$code"
            """;

    /**
     * Signals $1 to the processes whose environment holds the mark $2 and that have no such child; its own does not hold it. Children go
     * first, so that their parents reap them. Prints the processes that hold the mark.
     */
    static final String SIGNAL_MARKED = """
            marked= parents=
            for file in /proc/[0-9]*/environ; do
              if grep -q "$2" "$file" 2>/dev/null; then
                process=${file#/proc/}
                process=${process%/environ}
                marked="$marked $process"
                while read -r key value rest; do
                  if [ "$key" = PPid: ]; then parents="$parents $value "; fi
                done <"/proc/$process/status" 2>/dev/null
              fi
            done
            for process in $marked; do
              case "$parents" in
                *" $process "*) ;;
                *) kill -s "$1" "$process" 2>/dev/null ;;
              esac
            done
            echo "$marked"
            exit 0
            """;

    private ExecScripts() {}
}
