#!/bin/sh
# Prints the objects of the engine's sources, which are compiled only where no build before did so with this compiler,
# these flags and these very sources: the folder's name is their hash, so that nothing stale is ever found.
# usage: objects.sh FOLDER "COMPILER FLAGS…" SOURCE...
set -eu
folder=$1
command=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
key=$({
  echo "$command" | sed "s|$here||g"
  ${command%% *} --version
  cat "$@" "$here"/engine/*.h "$here"/engine/include/*.h "$here"/app/freestanding/*
} | sha256sum | cut -c 1-32)
if [ ! -d "$folder/$key" ]; then
  mkdir -p "$folder"
  made=$(mktemp -d "$folder/.made-XXXXXX")
  (cd "$made" && $command -c "$@")
  # Another build may have been as fast.
  mv -T "$made" "$folder/$key" 2> /dev/null || rm -rf "$made"
fi
for source in "$@"; do
  name=${source##*/}
  echo "$folder/$key/${name%.c}.o"
done
