#!/usr/bin/env bash
# Prints the Debian mirror that this machine's apt uses, or nothing when it has none (then debootstrap's own is used).
set -euo pipefail

grep -qs '^ID=debian$' /etc/os-release || exit 0

# Both of apt's formats: "URIs: URL" in *.sources, "deb [options] URL suite" in *.list.
{
  sed -n 's/^URIs:[[:space:]]*\([^[:space:]]*\).*/\1/p' /etc/apt/sources.list.d/*.sources 2>/dev/null || true
  sed -n 's/^deb[[:space:]]\{1,\}\(\[[^]]*\][[:space:]]*\)\{0,1\}\([^[:space:]]*\).*/\2/p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true
} | sed -n '\#/debian/\{0,1\}$#{p;q;}'
