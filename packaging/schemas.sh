#!/usr/bin/env bash
# Holds what other programs read against their schemas, with validators that are not ours: the workflows, the action, the manifest of the
# hooks, the CI template, and the reports of a real scan.
#
#   packaging/schemas.sh BINARY
#
# Needs python3 with venv, and the package index. With STRAYKEY_MULTITOOL=1 also npm, for Microsoft's validator of SARIF.
set -euo pipefail
binary=$(realpath "${1:?usage: packaging/schemas.sh BINARY}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" --quiet --disable-pip-version-check install check-jsonschema==0.39.0 pre-commit==4.7.0

# holds SCHEMA FILE...: a schema is a file here, or one that the validator brings along.
holds() {
  local schema=(--schemafile "$1")
  [ -f "$1" ] || schema=(--builtin-schema "vendor.$1")
  shift
  echo "$*"
  "$scratch/venv/bin/check-jsonschema" "${schema[@]}" "$@"
}

holds github-workflows .github/workflows/*.yml
holds github-actions action.yml
holds dependabot .github/dependabot.yml
holds gitlab-ci ci/gitlab.yml
echo .pre-commit-hooks.yaml
"$scratch/venv/bin/pre-commit" validate-manifest .pre-commit-hooks.yaml
"$scratch/venv/bin/check-jsonschema" --check-metaschema schema/*.json

"$binary" rules sample --render fixtures/pocketos --into "$scratch/pocketos"

# report FORMAT SCHEMA: of a scan with findings.
report() {
  "$binary" scan --no-progress --exit-zero --format "$1" --output "$scratch/report.$1" "$scratch/pocketos"
  grep -q railway-api-token "$scratch/report.$1" || { echo "error: $1 tells nothing of the finding" >&2; exit 1; }
  holds "$2" "$scratch/report.$1"
}

report sarif tests/it/schema/sarif-2.1.0.schema.json
report json schema/report-v1.schema.json
report gitlab tests/it/gitlab-15.0.4.schema.json

if [ "${STRAYKEY_MULTITOOL:-}" = 1 ]; then
  npm install --prefix "$scratch/multitool" --no-audit --no-fund --loglevel error @microsoft/sarif-multitool@5.7.0
  # It would ask for a library of languages that a small system lacks.
  DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$scratch/multitool/node_modules/.bin/sarif-multitool" validate "$scratch/report.sarif"
fi
echo "schemas hold"
