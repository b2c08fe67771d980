#!/usr/bin/env bash
# Packs the npm packages with a local binary, installs them offline from their tarballs, and runs what was installed.
#
#   bash npm/test.sh [BINARY]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

binary=${1:-target/release/straykey}
version=$("$binary" --version | cut -d ' ' -f 2)
system=$(node -p 'process.platform + "-" + process.arch')
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
  echo "error: $*" >&2
  exit 1
}

# Runs a command and compares its exit code: expect CODE COMMAND...
expect() {
  local wanted=$1 code=0
  shift
  "$@" > "$scratch/out" 2> "$scratch/err" || code=$?
  if [ "$code" -ne "$wanted" ]; then
    cat "$scratch/out" "$scratch/err" >&2
    fail "$* exited with $code instead of $wanted"
  fi
}

npm_offline() {
  npm --offline --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel error --cache "$scratch/cache" "$@"
}

node npm/build.mjs --version "$version" --repository example/straykey --out "$scratch/packages" --binary "$system=$binary"
tarballs=()
while read -r name; do
  tarball=$(cd "$scratch/packages/$name" && npm_offline pack --pack-destination "$scratch")
  tarballs+=("$scratch/$tarball")
done < "$scratch/packages/packages"

mkdir "$scratch/project" "$scratch/clean" "$scratch/a folder with spaces"
echo '{ "private": true }' > "$scratch/project/package.json"
(cd "$scratch/project" && npm_offline install "${tarballs[@]}" > "$scratch/out")
straykey=$scratch/project/node_modules/.bin/straykey

expect 0 "$straykey" --version
[ "$(cat "$scratch/out")" = "straykey $version" ] || fail "the wrong version"
echo 'nothing to see' > "$scratch/clean/file.txt"
cp "$scratch/clean/file.txt" "$scratch/a folder with spaces/"
expect 0 "$straykey" scan --no-progress "$scratch/clean"
expect 0 "$straykey" scan --no-progress "$scratch/a folder with spaces"
expect 2 "$straykey" scan --no-such-flag
"$straykey" rules sample --render fixtures/pocketos --into "$scratch/pocketos" > "$scratch/out"
expect 1 "$straykey" scan --no-progress "$scratch/pocketos"
expect 1 "$straykey" scan --no-progress --stdin < "$scratch/pocketos/scripts/add-domain.sh"

# A signal that reaches the launcher ends the program as well; the program waits for an input that never comes.
mkfifo "$scratch/input"
exec 3<> "$scratch/input"
node "$scratch/project/node_modules/straykey/bin/straykey.js" scan --no-progress --stdin < "$scratch/input" > "$scratch/out" 2>&1 &
launcher=$!
sleep 1
kill -TERM "$launcher" || fail "the launcher did not wait for its input: $(cat "$scratch/out")"
code=0
wait "$launcher" || code=$?
[ "$code" -eq 143 ] || fail "ended by SIGTERM, the launcher exited with $code instead of 143"
exec 3>&-

rm -r "$scratch/project/node_modules/@straykey"
expect 2 "$straykey" --version
grep -q '^hint: ' "$scratch/err" || fail "no hint where the package with the program is missing"

echo "npm packages hold: straykey $version for $system"
