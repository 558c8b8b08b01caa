#!/usr/bin/env bash
# Makes sure of a restic, from Debian's packages, for the comparison of retention plans. Where it can be neither found nor installed it says so and
# ends well: the test that needs it is then skipped, with the same words.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if have restic; then exit 0; fi
if ! may_install; then
  say "no restic, and none can be installed here: ResticForgetIT is skipped"
  exit 0
fi
(
  lock restic
  have restic || install_packages restic
)
