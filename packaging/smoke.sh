#!/usr/bin/env bash
# Does a binary that is to be released do its work on this system? All that it can exit with, over made-up credentials.
#
#   packaging/smoke.sh BINARY VERSION
set -euo pipefail

binary=$1 version=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Runs straykey and compares its exit code: expect CODE ARGUMENT...
expect() {
  local wanted=$1 code=0
  shift
  "$binary" "$@" > "$scratch/out" 2> "$scratch/err" || code=$?
  if [ "$code" -ne "$wanted" ]; then
    cat "$scratch/out" "$scratch/err" >&2
    echo "error: straykey $* exited with $code instead of $wanted" >&2
    exit 1
  fi
}

expect 0 --version
# Windows ends the line in its own way.
[ "$(tr -d '\r' < "$scratch/out")" = "straykey $version" ] || {
  echo "error: $(cat "$scratch/out") is not straykey $version" >&2
  exit 1
}
mkdir "$scratch/clean" "$scratch/empty"
echo 'nothing to see' > "$scratch/clean/file.txt"
expect 0 scan --no-progress "$scratch/clean"
expect 3 scan --no-progress "$scratch/empty"
expect 2 scan --no-such-flag
expect 0 rules sample --render "$root/fixtures/pocketos" --into "$scratch/pocketos"
expect 1 scan --no-progress --format sarif --output "$scratch/straykey.sarif" "$scratch/pocketos"
grep -q '"railway-api-token' "$scratch/straykey.sarif"
expect 1 audit --no-progress "$scratch/pocketos"
echo "straykey $version holds"
