#!/usr/bin/env bash
# Writes the manual page and the completions, which are the same on every system.
#
#   packaging/extras.sh BINARY OUT
set -euo pipefail

binary=$1 out=$2
mkdir -p "$out/man" "$out/completions"
"$binary" man > "$out/man/straykey.1"
# Under the names that the shells look for.
"$binary" completions bash > "$out/completions/straykey.bash"
"$binary" completions zsh > "$out/completions/_straykey"
"$binary" completions fish > "$out/completions/straykey.fish"
"$binary" completions powershell > "$out/completions/_straykey.ps1"
"$binary" completions elvish > "$out/completions/straykey.elv"
