#!/usr/bin/env bash
# Makes sure that a Docker engine answers. Uses the one that is there; on a Debian machine, as root, installs and
# starts one. Run it or source it; it changes nothing when an engine answers already.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

engine_log=/var/log/holdfast-dockerd.log

install_engine() {
  have dockerd || install_packages docker.io
  have docker || install_packages docker-cli # a package of its own from Debian 13 on
}

# A daemon that was killed leaves its pid file; once another program has that pid, dockerd would refuse to start.
forget_dead_daemon() {
  local pid_file=/var/run/docker.pid pid
  [ -s "$pid_file" ] || return 0
  pid=$(cat "$pid_file")
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ] || rm -f "$pid_file"
}

start_daemon() {
  if [ -d /run/systemd/system ]; then
    systemctl start docker >&2 || say "systemctl could not start docker"
  elif ! pgrep -x -f 'dockerd' >/dev/null; then
    forget_dead_daemon
    setsid dockerd >>"$engine_log" 2>&1 </dev/null 9>&- &
  fi
}

wait_for_engine() {
  local seconds
  for seconds in $(seq 1 60); do
    if engine_answers; then
      say "the Docker engine answers after $seconds s"
      return 0
    fi
    sleep 1
  done
  tail -n 15 "$engine_log" >&2 || true
  stop "dockerd does not answer after 60 s; its log is $engine_log"
}

ensure_engine() (
  if engine_answers; then exit 0; fi
  if [ -n "${DOCKER_HOST:-}" ] && have docker; then
    stop "no Docker engine answers at DOCKER_HOST; start it, or unset DOCKER_HOST"
  fi
  may_install || stop "no Docker engine answers; install or start Docker, then run this again"
  lock engine
  if engine_answers; then exit 0; fi
  say "no Docker engine answers; starting Debian's"
  install_engine
  start_daemon
  wait_for_engine
)

ensure_engine
