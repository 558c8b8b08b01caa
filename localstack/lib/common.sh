# Sourced by the scripts next to it: messages, locks, and a place for small state. Defines functions only.
# shellcheck shell=bash

export DOCKER_BUILDKIT=0 # the plain builder is in every engine, the other one is not

holdfast_state="${TMPDIR:-/tmp}/holdfast-test-$(id -u)"

say() { printf 'holdfast: %s\n' "$*" >&2; }

make_state() { [ -d "$holdfast_state" ] || (umask 077 && mkdir -p "$holdfast_state"); }

stop() {
  say "$*"
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Holds an exclusive lock of that name on descriptor 9 until the calling (sub)shell ends.
# Where there is no flock(1), as on macOS, runs are simply not kept apart.
lock() {
  make_state
  exec 9>"$holdfast_state/$1.lock"
  if have flock; then flock 9; fi
}

engine_answers() { have docker && docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# True on a machine where this script may install Debian packages.
may_install() { [ "$(id -u)" = 0 ] && have apt-get; }

install_packages() {
  say "installing $* (apt-get)"
  local log="$holdfast_state/apt.log"
  make_state
  if ! { apt-get update && apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1 9>&- </dev/null; then
    tail -n 15 "$log" >&2
    stop "could not install $*; the whole output is in $log"
  fi
}

sha256() { if have sha256sum; then sha256sum; else shasum -a 256; fi | cut -c1-12; }
