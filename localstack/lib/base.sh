#!/usr/bin/env bash
# base.sh SUITE IMAGE: makes a small Debian image of that suite from Debian's packages, with debootstrap.
set -euo pipefail
lib=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$lib/common.sh"

suite=$1
image=$2

tools_for_debootstrap() {
  have debootstrap && [ -f /usr/share/keyrings/debian-archive-keyring.gpg ] && return 0
  may_install || stop "no registry answers and there is no debootstrap; run as root on Debian, or where images can be pulled"
  install_packages debootstrap debian-archive-keyring
}

# What Debian's own slim image does: no services at install time, no documents, and no fsync for a throw-away disk.
slim_down() {
  local root=$1
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod +x "$root/usr/sbin/policy-rc.d"
  printf 'force-unsafe-io\npath-exclude /usr/share/doc/*\npath-exclude /usr/share/man/*\npath-exclude /usr/share/info/*\n' \
    >"$root/etc/dpkg/dpkg.cfg.d/holdfast-slim"
  # A frozen mirror serves signed lists past their date; the signature is still checked.
  printf 'Acquire::Check-Valid-Until "false";\n' >"$root/etc/apt/apt.conf.d/holdfast-dates"
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
}

[ "$(id -u)" = 0 ] || stop "debootstrap needs root; run as root, or where images can be pulled"
tools_for_debootstrap
make_state
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root" # the folder becomes the image's /, which every user must be able to enter
mirror=$("$lib/mirror.sh")
if ! debootstrap --variant=minbase "$suite" "$root" ${mirror:+"$mirror"} >"$holdfast_state/base-$suite.log" 2>&1; then
  tail -n 15 "$holdfast_state/base-$suite.log" >&2
  stop "debootstrap of $suite failed; the whole output is in $holdfast_state/base-$suite.log"
fi
slim_down "$root"
tar -C "$root" --numeric-owner -c . | docker import --change 'CMD ["bash"]' - "$image" >/dev/null
