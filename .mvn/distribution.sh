# Sourced by mvnw when its Maven is not there yet: fetches it, and where that fails uses the installed mvn, if it is
# 3.8.7 or newer.
# shellcheck shell=sh

# True when the installed mvn is new enough to build Holdfast.
installed_maven_fits() {
  command -v mvn >/dev/null || return 1
  # Some print colours around this line even into a pipe, so numbers are taken by "+ 0" and the line by its words.
  mvn -version 2>/dev/null | awk '
    /Apache Maven [0-9]/ {
      split($3, is, /[.-]/)
      found = is[1] + 0 > 3 || (is[1] + 0 == 3 && (is[2] + 0 > 8 || (is[2] + 0 == 8 && is[3] + 0 >= 7)))
    }
    END { exit !found }'
}

# The second run of mvnw, in which this variable is set, is the one that fetches.
if [ -z "${MVNW_FETCHES-}" ]; then
  if MVNW_FETCHES=yes "$0" --version >/dev/null; then
    exec_maven "$@"
  elif installed_maven_fits; then
    echo "mvnw: Maven could not be fetched; using the installed mvn" >&2
    exec mvn "$@"
  fi
  echo "mvnw: Maven could not be fetched; check the network, or install Maven 3.8.7 or newer" >&2
  exit 1
fi
