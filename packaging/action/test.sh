#!/usr/bin/env bash
# Runs the scripts of action.yml as a runner would, with a local program in place of a release.
#
#   bash packaging/action/test.sh [BINARY]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

binary=${1:-target/release/straykey}
binary=$(cd "$(dirname "$binary")" && pwd)/$(basename "$binary")
version=$("$binary" --version | cut -d ' ' -f 2)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
  echo "error: $*" >&2
  cat "$scratch/log" "$GITHUB_OUTPUT" >&2
  exit 1
}

# What a runner sets.
mkdir "$scratch/temp" "$scratch/bin" "$scratch/release"
export RUNNER_TEMP=$scratch/temp RUNNER_OS=Linux RUNNER_ARCH=X64 GITHUB_SERVER_URL=https://github.com
export GITHUB_OUTPUT=$scratch/output GITHUB_STEP_SUMMARY=$scratch/summary
# What action.yml sets.
export ACTION_REPOSITORY=example/straykey INPUT_BINARY='' INPUT_VERSION='' INPUT_VERIFY_ATTESTATION=true
export BINARY=$binary INPUT_MODE=scan INPUT_PATH=. INPUT_ARGS='' INPUT_CONFIG_REF='' INPUT_FAIL_ON='' INPUT_FORMAT=sarif
export INPUT_OUTPUT='' INPUT_SINCE='' INPUT_SUMMARY=true INPUT_UPLOAD=true
export EVENT_NAME=push EVENT_REF_NAME=main EVENT_DEFAULT_BRANCH=main EVENT_FROM='' EVENT_TO=''

# The release: curl copies it from a folder, and gh holds what ATTESTED says.
cat > "$scratch/bin/curl" <<END
#!/usr/bin/env bash
while [ "\$#" -gt 1 ]; do
  [ "\$1" != --output ] || out=\$2
  shift
done
cp "$scratch/release/\${1##*/}" "\$out"
END
# shellcheck disable=SC2016 # they are variables of the program that is written
printf '#!/bin/sh\nexit "${ATTESTED:-0}"\n' > "$scratch/bin/gh"
# shellcheck disable=SC2016
printf '#!/bin/sh\nprintf "<%%s>" "$@" > "$RUNNER_TEMP/arguments"\nexit 2\n' > "$scratch/bin/arguments"
chmod +x "$scratch"/bin/*
PATH=$scratch/bin:$PATH
packaging/extras.sh "$binary" "$scratch/extras"
packaging/archive.sh "$version" x86_64-unknown-linux-musl "$binary" "$scratch/extras" "$scratch/release"
archive=$scratch/release/straykey-$version-x86_64-unknown-linux-musl.tar.gz
sha256sum "$archive" > "$archive.sha256"

# install CODE [VARIABLE=VALUE...]
install() {
  local wanted=$1 code=0
  shift
  : > "$GITHUB_OUTPUT"
  env "$@" bash packaging/action/install.sh > "$scratch/log" 2>&1 || code=$?
  [ "$code" -eq "$wanted" ] || fail "install with $* exited with $code instead of $wanted"
  [ "$code" -eq 0 ] || [ ! -s "$GITHUB_OUTPUT" ] || fail "install with $* failed and named a program"
}

# scan CODE [VARIABLE=VALUE...]
scan() {
  local wanted=$1
  shift
  : > "$GITHUB_OUTPUT"
  : > "$GITHUB_STEP_SUMMARY"
  env "$@" bash packaging/action/scan.sh > "$scratch/log" 2>&1 || fail "scan with $* failed by itself"
  grep -qx "exit-code=$wanted" "$GITHUB_OUTPUT" || fail "scan with $* has not the exit code $wanted"
}

# arguments WANTED [VARIABLE=VALUE...]: what the program is started with, but for the report.
arguments() {
  local wanted=$1 got
  shift
  scan 2 "BINARY=$scratch/bin/arguments" INPUT_OUTPUT=/r INPUT_MODE=since "$@"
  got=$(cat "$scratch/temp/arguments")
  [ "$got" = "<scan><--format=sarif><--output=/r><--no-progress>$wanted" ] || fail "scan with $* starts straykey with $got"
}

install 0
grep -q "^binary=.*/straykey$" "$GITHUB_OUTPUT" || fail "no program"
install 0 "INPUT_BINARY=$binary"
install 2 INPUT_BINARY=no/such/file
install 2 ATTESTED=1
install 0 ATTESTED=1 INPUT_VERIFY_ATTESTATION=false
install 2 INPUT_VERSION=99.0.0
install 2 'INPUT_VERSION=1.0.0;id'
install 2 RUNNER_ARCH=S390
echo more >> "$archive"
install 2

mkdir "$scratch/clean" "$scratch/empty"
echo 'nothing to see' > "$scratch/clean/file.txt"
"$binary" rules sample --render fixtures/pocketos --into "$scratch/pocketos" > "$scratch/log"
scan 1 INPUT_PATH="$scratch/clean"$'\n'"$scratch/pocketos"
[ -s "$GITHUB_STEP_SUMMARY" ] || fail "findings and no summary"
grep -qx "report=$scratch/temp/straykey.sarif" "$GITHUB_OUTPUT" || fail "findings and no report"
scan 2 INPUT_ARGS='--no-such-flag'
! grep -q '^report=' "$GITHUB_OUTPUT" || fail "the report of an earlier step was left"
scan 0 INPUT_PATH="$scratch/clean"
scan 3 INPUT_PATH="$scratch/empty"
scan 2 INPUT_MODE=other
scan 2 BINARY=true

from=$(printf 'a%.0s' {1..40}) to=$(printf 'b%.0s' {1..40}) none=$(printf '0%.0s' {1..40})
arguments "<--since=$from..$to><--config-ref=$from>" EVENT_NAME=pull_request EVENT_FROM="$from" EVENT_TO="$to"
arguments "<--since=$from..$to><--no-marks><*>" EVENT_FROM="$from" EVENT_TO="$to" INPUT_ARGS=$'--no-marks\n *'
arguments "<--since=origin/main..$to>" EVENT_REF_NAME=topic EVENT_FROM="$none" EVENT_TO="$to"
arguments "<--fail-on=high><--since=A..B>" INPUT_SINCE=A..B INPUT_FAIL_ON=high INPUT_CONFIG_REF=none EVENT_NAME=pull_request
scan 2 INPUT_MODE=since EVENT_NAME=schedule EVENT_TO="$to"

echo "the action holds: straykey $version"
