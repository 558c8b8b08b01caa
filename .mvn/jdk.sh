# Sourced by mvnw: makes JAVA_HOME a JDK of version 25 or newer. Keeps the one that is set if it fits, else takes the
# newest in the usual places. The build runs inside Maven's own JVM, so a toolchain would not be enough.
# shellcheck shell=sh

# Prints the feature release of the JDK in that folder ("25"), or nothing when there is no JDK in it.
jdk_release() {
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

newest_jdk() {
  newest=24
  for jdk in /usr/lib/jvm/* /opt/* "$HOME"/.sdkman/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    release=$(jdk_release "$jdk")
    if [ "${release:-0}" -gt "$newest" ]; then
      newest=$release
      JAVA_HOME=$jdk
    fi
  done
  [ "$newest" -ge 25 ]
}

release=$(jdk_release "${JAVA_HOME:-/nonexistent}")
if [ "${release:-0}" -lt 25 ]; then
  set +f # mvnw turns file name patterns off
  newest_jdk || {
    echo "mvnw: no JDK 25 or newer found; install one (for example Temurin 25) or set JAVA_HOME to it" >&2
    exit 1
  }
  set -f
fi
export JAVA_HOME
