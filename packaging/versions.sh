#!/usr/bin/env bash
# Is the version of Cargo.toml the one that everything else names? So is the oldest Rust.
#
#   packaging/versions.sh [BINARY]
#
# With a binary, it has to be of that version, too.
set -euo pipefail
# An absolute path survives the change of folder.
binary=${1:+$(realpath "$1")}
cd "$(dirname "${BASH_SOURCE[0]}")/.."

failures=0
wrong() {
  echo "error: $*" >&2
  failures=$((failures + 1))
}

# same WHAT WANTED GOT
same() {
  [ "$2" = "$3" ] || wrong "$1 is \`$3\` instead of \`$2\`"
}

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
rust=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+ && $rust =~ ^[0-9]+\.[0-9]+ ]] || wrong "Cargo.toml names no version"

same "straykey in Cargo.lock" "$version" "$(sed -n '/^name = "straykey"$/{n;s/^version = "\(.*\)"$/\1/p}' Cargo.lock)"
[ -z "$binary" ] || same "$binary --version" "straykey $version" "$("$binary" --version)"

# The wheel takes its version from Cargo.toml; what pre-commit installs asks for that wheel, and for no build.
grep -qx 'dynamic = \["version"\]' packaging/pypi/pyproject.toml || wrong "packaging/pypi/pyproject.toml has a version of its own"
[ ! -e pyproject.toml ] || wrong "pyproject.toml at the top: pre-commit would compile straykey for its users"
same "what setup.py asks for" "straykey==$version" "$(python3 - << 'PYTHON'
import runpy, sys, types
sys.modules["setuptools"] = types.SimpleNamespace(setup=lambda **given: print(*given["install_requires"]))
runpy.run_path("setup.py")
PYTHON
)"

# npm/build.mjs puts the version in.
for name in platform straykey; do
  same "npm/$name/package.json" 0.0.0 "$(node -p 'require(process.argv[1]).version' "$PWD/npm/$name/package.json")"
done

# What people copy: `rev: v0.1.0`, `straykey==0.1.0`, `straykey-0.1.0-TARGET`, `version=0.1.0` and the variables of the CI templates.
mention='(straykey(==|-|:)|rev: v|version=|STRAYKEY_VERSION: "|straykeyVersion: ")'
mapfile -t named < <(grep -nHoE "${mention}[0-9]+\.[0-9]+\.[0-9]+[^ \"/]*" README.md docs/*.md ci/*.yml Containerfile)
[ "${#named[@]}" -ge 5 ] || wrong "the documents name the version ${#named[@]} times only: has the search gone blind?"
for place in "${named[@]}"; do
  [[ $place =~ $mention${version//./\\.}($|-) ]] || wrong "$place is not $version"
done
grep -q "Rust ${rust//./\\.} or later" docs/install.md || wrong "docs/install.md does not ask for Rust $rust"

[ "$failures" -eq 0 ] || exit 1
echo "versions agree: $version in ${#named[@]} places of the documents, Rust $rust"
