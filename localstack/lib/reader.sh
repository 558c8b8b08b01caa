#!/usr/bin/env bash
# Makes sure that python3 has what the reader in core/src/test/reader needs, from Debian's packages. Where they can be
# neither found nor installed it says so and ends well: the test that needs them is then skipped, with the same words.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# The test looks in the same order.
reader_works() {
  local python
  for python in /usr/bin/python3 python3; do
    "$python" -c 'import cryptography, zstandard' >/dev/null 2>&1 && return 0
  done
  return 1
}

if reader_works; then exit 0; fi
if ! may_install; then
  say "no python3 with the packages cryptography and zstandard, and none can be installed here: ForeignReaderIT is skipped"
  exit 0
fi
(
  lock reader
  reader_works || install_packages python3 python3-cryptography python3-zstandard
)
