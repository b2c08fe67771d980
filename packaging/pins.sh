#!/usr/bin/env bash
# Fails where an action is not pinned to a commit: a tag can be moved to other code, a hash cannot. The release runs it first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Hits of `uses:` but for those of this repository itself.
loose=$(grep -nE '^ *(- )?uses: *[^. ]' action.yml .github/workflows/*.yml | grep -vE 'uses: *[^ @]+@[0-9a-f]{40}( |$)' || true)
if [ -n "$loose" ]; then
  printf 'error: not pinned to a hash\n%s\n' "$loose" >&2
  exit 1
fi
