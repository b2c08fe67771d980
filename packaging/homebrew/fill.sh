#!/usr/bin/env bash
# Prints the Homebrew formula of a release.
#
#   packaging/homebrew/fill.sh VERSION OWNER/NAME SHA256SUMS
#
# SHA256SUMS is what sha256sum printed for the archives.
set -euo pipefail

version=$1 repository=$2 sums=$3
formula=$(cat "$(dirname "${BASH_SOURCE[0]}")/straykey.rb")
formula=${formula#*$'\n'}
formula=${formula//@VERSION@/$version}
formula=${formula//@REPOSITORY@/$repository}
while read -r sum name; do
  target=${name#straykey-"$version"-}
  formula=${formula//@SHA256:${target%.tar.gz}@/$sum}
done < "$sums"

if [[ $formula == *@SHA256:* ]]; then
  echo "error: an archive that the formula names is not in $sums" >&2
  exit 1
fi
printf '%s\n' "$formula"
