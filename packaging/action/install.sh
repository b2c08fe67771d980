#!/usr/bin/env bash
# Installs straykey for action.yml: the archive of a release, checked before it is unpacked, or a program that is there already.
#
# Reads INPUT_BINARY, INPUT_VERSION, INPUT_VERIFY_ATTESTATION, ACTION_REPOSITORY and GH_TOKEN, and what every runner sets.
# Writes `binary`, the path of the program, to GITHUB_OUTPUT.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# Only our own words and checked inputs get here: a line of output that starts with two colons would be a command.
fail() {
  echo "::error title=straykey was not installed::$1"
  exit 2
}

use() {
  "$1" --version
  echo "binary=$1" >> "$GITHUB_OUTPUT"
}

target() {
  case "$RUNNER_OS-$RUNNER_ARCH" in
    Linux-X64) echo x86_64-unknown-linux-musl ;;
    Linux-ARM64) echo aarch64-unknown-linux-musl ;;
    macOS-X64) echo x86_64-apple-darwin ;;
    macOS-ARM64) echo aarch64-apple-darwin ;;
    Windows-X64) echo x86_64-pc-windows-msvc ;;
    Windows-ARM64) echo aarch64-pc-windows-msvc ;;
    *) fail "there is no release for $RUNNER_OS on $RUNNER_ARCH; build one, and name it with the input binary" ;;
  esac
}

# The version of the commit that the workflow pinned, so that a pinned action does not run a program it has never seen.
own_version() {
  sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1
}

sha256() {
  if command -v sha256sum > /dev/null; then
    sha256sum < "$1"
  else
    shasum -a 256 < "$1"
  fi | cut -d ' ' -f 1
}

download() {
  curl --fail --silent --show-error --location --proto '=https' --tlsv1.2 --retry 3 --output "$2" "$1" \
    || fail "cannot download $1"
}

# Says who built it: a checksum beside an archive proves no more than that both came from one place.
verify_attestation() {
  command -v gh > /dev/null || fail "gh is missing, which verifies the attestation; install it, or set verify-attestation to false"
  gh attestation verify "$1" --repo "$ACTION_REPOSITORY" --signer-workflow "$ACTION_REPOSITORY/.github/workflows/release.yml" \
    || fail "the attestation of the archive does not hold"
}

if [ -n "$INPUT_BINARY" ]; then
  [ -f "$INPUT_BINARY" ] || fail "the input binary names no file"
  use "$(cd "$(dirname "$INPUT_BINARY")" && pwd)/$(basename "$INPUT_BINARY")"
  exit
fi

version=${INPUT_VERSION:-$(own_version)}
version=${version#v}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || fail "the input version is not one such as 0.1.0"
[[ $ACTION_REPOSITORY =~ ^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$ ]] || fail "the repository of the action is not known"
target=$(target) || { echo "$target"; exit 2; }
stem=straykey-$version-$target
archive=$stem.tar.gz
case $target in
  *-windows-*) archive=$stem.zip ;;
esac

folder=$(mktemp -d "$RUNNER_TEMP/straykey.XXXXXX")
cd "$folder"
url=$GITHUB_SERVER_URL/$ACTION_REPOSITORY/releases/download/v$version/$archive
download "$url" "$archive"
download "$url.sha256" "$archive.sha256"
[ "$(sha256 "$archive")" = "$(cut -d ' ' -f 1 "$archive.sha256")" ] || fail "the checksum of $archive is not that of the release"
if [ "$INPUT_VERIFY_ATTESTATION" = true ]; then
  verify_attestation "$archive"
fi
case $archive in
  *.zip)
    unzip -q "$archive"
    use "$folder/$stem/straykey.exe"
    ;;
  *)
    tar -xzf "$archive"
    use "$folder/$stem/straykey"
    ;;
esac
