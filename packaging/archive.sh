#!/usr/bin/env bash
# Packs one release archive, the same bytes from the same input: straykey-VERSION-TARGET.tar.gz, or .zip for Windows.
#
#   packaging/archive.sh VERSION TARGET BINARY EXTRAS OUT
#
# EXTRAS is what packaging/extras.sh made. Needs GNU tar, or zip for Windows.
set -euo pipefail

version=$1 target=$2 binary=$3 extras=$4
mkdir -p "$5"
out=$(cd "$5" && pwd)
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# The time of every file in it.
epoch=${SOURCE_DATE_EPOCH:-0}

stem=straykey-$version-$target
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
folder=$scratch/$stem
mkdir "$folder"

program=straykey
case $target in
  *-windows-*) program=straykey.exe ;;
esac
# An artifact of a workflow has lost its mode.
install -m 755 "$binary" "$folder/$program"
install -m 644 "$root/README.md" "$root/LICENSE-APACHE" "$root/LICENSE-MIT" "$folder"
cp -R "$extras/man" "$extras/completions" "$folder"
find "$folder" -exec touch -h -d "@$epoch" {} +

cd "$scratch"
case $target in
  *-windows-*)
    rm -f "$out/$stem.zip"
    # zip stores local times.
    find "$stem" | LC_ALL=C sort | TZ=UTC zip -q -X -@ "$out/$stem.zip"
    ;;
  *)
    tar --create --sort=name --format=ustar --mtime="@$epoch" --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX "$stem" \
      | gzip -n -9 > "$out/$stem.tar.gz"
    ;;
esac
