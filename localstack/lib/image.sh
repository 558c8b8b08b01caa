#!/usr/bin/env bash
# image.sh NAME: makes sure of the image holdfast-test/NAME:1. Pulls the official image where a registry answers,
# else builds an equivalent from Debian's packages. Names: see ../images/catalog.
#
# Each image has a second tag, the hash of its recipe: a changed recipe has no such tag yet, so it is built again.
set -euo pipefail
lib=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
images=$lib/../images
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$lib/common.sh"

name=${1:?usage: image.sh NAME}
entry=$(grep "^$name " "$images/catalog") || stop "no image is called $name; the names are in $images/catalog"
read -r _ recipe suite official <<<"$entry"
image=holdfast-test/$name
no_registry=$holdfast_state/no-registry

exists() { docker image inspect "$1" >/dev/null 2>&1; }

recipe_hash() {
  {
    printf '%s\n' "$entry"
    if [ "$recipe" = - ]; then
      cat "$lib/base.sh"
    else
      (cd "$images/$recipe" && find . -type f | LC_ALL=C sort | while read -r file; do
        printf '%s\n' "$file"
        cat "$file"
      done)
    fi
  } | sha256
}

# Asks a registry once an hour at most: where none answers, every further image goes straight to its recipe.
registry_has_it() {
  [ "$official" != - ] && [ "${HOLDFAST_TEST_PULL:-auto}" != never ] || return 1
  [ -z "$(find "$no_registry" -mmin -60 2>/dev/null)" ] || return 1
  local limit=()
  if have timeout; then limit=(timeout 5); fi
  if ${limit[@]+"${limit[@]}"} docker manifest inspect "$official" >/dev/null 2>&1 </dev/null; then return 0; fi
  say "no registry answers for $official; using Debian's packages"
  touch "$no_registry"
  return 1
}

pull() {
  say "pulling $official"
  docker pull -q "$official" >/dev/null && docker tag "$official" "$image:$hash"
}

build_recipe() (
  context=$(mktemp -d)
  trap 'rm -rf "$context"' EXIT
  cp -R "$images/$recipe/." "$context"
  if [ -x "$images/$recipe/fetch" ]; then "$images/$recipe/fetch" "$context"; fi
  log=$holdfast_state/$name.log
  if ! docker build --force-rm --network host --build-arg "BASE=holdfast-test/base-$suite:1" --build-arg "VERSION=${name##*-}" \
    -t "$image:$hash" "$context" >"$log" 2>&1 </dev/null; then
    tail -n 25 "$log" >&2
    stop "could not build $image; the whole output is in $log"
  fi
)

build() {
  if [ "$recipe" = - ]; then
    "$lib/base.sh" "$suite" "$image:$hash"
  else
    "$lib/image.sh" "base-$suite" 9>&- # a lock of its own, taken after ours: names only ever wait for a base
    build_recipe
  fi
}

make_image() {
  if exists "$image:$hash"; then return 0; fi
  if registry_has_it && pull; then return 0; fi
  say "building $image"
  build
}

"$lib/engine.sh"
hash=$(recipe_hash)
lock "image-$name"
make_image
docker tag "$image:$hash" "$image:1"
