#!/usr/bin/env bash
# Runs straykey under the real pre-commit and prek, from a local tag of this repository's hooks.
#
#   tests/hooks/run.sh PROGRAM
#
# PROGRAM is a built straykey. Needs git, python3 with venv, and the package index for the two
# frameworks. Nothing is skipped: what is missing is an error. Credentials are made up at run time.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
program=$(realpath "${1:?usage: tests/hooks/run.sh PROGRAM}")
[ -x "$program" ] || { echo "error: $program is no program" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install pre-commit==4.7.0 prek==0.5.11 uv setuptools wheel

# Nothing of the developer's own settings, and no variable of a hook that runs this.
for name in $(env | sed -n 's/^\(GIT_[A-Z_]*\|PRE_COMMIT[A-Z_]*\|PREK_[A-Z_]*\)=.*/\1/p'); do
  case $name in
  GIT_SSL_*) ;;
  *) unset "$name" ;;
  esac
done
mkdir home bin
ln -s "$program" bin/straykey
export HOME=$work/home GIT_CONFIG_NOSYSTEM=1
export PRE_COMMIT_HOME=$work/home/pre-commit PREK_HOME=$work/home/prek
base=$PATH
export PATH=$work/bin:$work/venv/bin:$base
git config --global user.name Ada
git config --global user.email ada@example.org
git config --global init.defaultBranch main

credential() {
  printf 'GITHUB_TOKEN=%s\n' "$(straykey rules sample github-classic-token | grep -om1 'ghp_[0-9A-Za-z]*')"
}
[ "$(credential | wc -c)" -gt 40 ] || { echo "error: no sample of a credential" >&2; exit 2; }

# The tag that users name. The placeholder installs the wheel, so the hook needs no Rust.
git init --quiet hooks
cp "$top/.pre-commit-hooks.yaml" hooks/
cp "$top/setup.py" "$top/Cargo.toml" hooks/
git -C hooks add .
git -C hooks commit --quiet --message "hooks"
git -C hooks tag v0

failures=0
passed() { printf '  ok    %s\n' "$1"; }
failed() { printf '  FAIL  %s\n' "$1"; sed 's/^/        /' log; failures=$((failures + 1)); }

# Runs a command that must work, and that must have called straykey.
passes() {
  local what=$1; shift
  if "$@" > log 2>&1; then passed "$what"; else failed "$what"; fi
}

# Runs a command that must be stopped by a finding of straykey, and by nothing else.
stops() {
  local what=$1; shift
  if "$@" > log 2>&1; then failed "$what"
  elif grep -q 'straykey: [0-9,]* credential' log; then passed "$what"
  else failed "$what (not by straykey)"; fi
}

# A fresh repository with hooks of a framework, whose hook is the given one.
repository() {
  local framework=$1 hook=$2
  cd "$work"
  rm -rf use remote.git
  git init --quiet --bare remote.git
  git init --quiet use
  cd use
  printf 'repos:\n- repo: %s\n  rev: v0\n  hooks:\n  - id: %s\n' "$work/hooks" "$hook" > .pre-commit-config.yaml
  git add .
  git commit --quiet --message start
  git remote add origin ../remote.git
  git push --quiet origin main
  "$framework" install --hook-type pre-commit --hook-type pre-merge-commit --hook-type pre-push > log 2>&1
}

commits() {
  echo "clean" > clean.txt
  git add clean.txt
  passes "a clean commit" git commit -m clean
  passes "an empty commit" git commit --allow-empty -m empty
  git rm --quiet clean.txt
  passes "a commit that only deletes" git commit -m delete
  credential > .env
  git add .env
  stops "a commit with a credential" git commit -m leak
  echo "clean" > .env
  stops "staged, but gone from the work tree" git commit -m leak
  git add .env
  passes "taken out and staged again" git commit -m clean
  credential > --exit-zero
  git add -- --exit-zero
  stops "a file that is called like an option" git commit -m leak
  git rm --quiet --cached -- --exit-zero
  rm -- --exit-zero
}

all_files() {
  passes "all files, clean" "$1" run --all-files
  credential > old.env
  git add old.env
  git commit --quiet --no-verify -m leak
  stops "all files, with nothing staged" "$1" run --all-files
  stops "a file that is named" "$1" run --files old.env
  stops "a range of commits" "$1" run --from-ref HEAD~1 --to-ref HEAD
}

pushes() {
  stops "a push to a branch that is there" git push origin main
  git rm --quiet old.env
  git commit --quiet --no-verify -m gone
  stops "a push of a credential that was added and taken out" git push origin main
  stops "a push to a new branch" git push origin main:refs/heads/other
  git reset --quiet --hard HEAD~2
  passes "a push without" git push origin main
}

merges() {
  git checkout --quiet -b side
  credential > side.env
  git add side.env
  git commit --quiet --no-verify -m side
  git checkout --quiet main
  echo more > more.txt
  git add more.txt
  git commit --quiet --no-verify -m more
  stops "a merge that brings a credential" git merge --no-edit side
  git merge --abort 2> /dev/null || git reset --quiet --hard
}

for framework in pre-commit prek; do
  echo "== $framework, straykey-system"
  repository "$framework" straykey-system
  commits
  all_files "$framework"
  pushes
  merges
done

# The wheel by hand: what maturin makes holds the same file at the same place.
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$top/Cargo.toml" | head -n 1)
cd "$work"
mkdir wheels
PROGRAM=$program VERSION=$version venv/bin/python - << 'PYTHON'
import os, zipfile
version, name = os.environ["VERSION"], "straykey"
info = f"{name}-{version}.dist-info"
with zipfile.ZipFile(f"wheels/{name}-{version}-py3-none-any.whl", "w") as wheel:
    script = zipfile.ZipInfo(f"{name}-{version}.data/scripts/straykey")
    script.external_attr = 0o100755 << 16
    with open(os.environ["PROGRAM"], "rb") as program:
        wheel.writestr(script, program.read())
    wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: py3-none-any\n")
    wheel.writestr(f"{info}/RECORD", "")
PYTHON
venv/bin/pip --quiet --disable-pip-version-check download --dest wheels setuptools wheel
# The frameworks build and install with these only: a wheel of the same name elsewhere is another one.
export PIP_NO_INDEX=1 PIP_FIND_LINKS=$work/wheels UV_NO_INDEX=1 UV_FIND_LINKS=$work/wheels
mv bin/straykey bin/sample
credential() {
  printf 'GITHUB_TOKEN=%s\n' "$("$work/bin/sample" rules sample github-classic-token | grep -om1 'ghp_[0-9A-Za-z]*')"
}
for framework in pre-commit prek; do
  echo "== $framework, straykey from the wheel"
  if command -v straykey > log; then failed "no straykey in PATH"; fi
  repository "$framework" straykey
  commits
done

if [ "$failures" -gt 0 ]; then
  echo "$failures failed" >&2
  exit 1
fi
echo "all passed"
