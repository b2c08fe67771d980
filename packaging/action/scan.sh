#!/usr/bin/env bash
# Runs straykey for action.yml. Does not fail: what the program exited with is an output, and the action fails on it after the upload.
#
# Reads the INPUT_ and EVENT_ variables that action.yml sets. Writes `exit-code`, and `report` where there is one, to GITHUB_OUTPUT.
set -euo pipefail

finish() {
  echo "exit-code=$1" >> "$GITHUB_OUTPUT"
  exit 0
}

# Only our own words get here: a line of output that starts with two colons would be a command.
misused() {
  echo "::error title=straykey was not run::$1"
  finish 2
}

is_commit() {
  [[ $1 =~ ^[0-9a-f]{40,64}$ && ! $1 =~ ^0+$ ]]
}

# The commits that an event brought: FROM..TO, or nothing where the event does not say.
range() {
  if [ -n "$INPUT_SINCE" ]; then
    echo "$INPUT_SINCE"
  elif is_commit "$EVENT_FROM" && is_commit "$EVENT_TO"; then
    echo "$EVENT_FROM..$EVENT_TO"
  elif is_commit "$EVENT_TO" && [ "$EVENT_NAME" = push ] && [ "$EVENT_REF_NAME" != "$EVENT_DEFAULT_BRANCH" ]; then
    # The first push of a branch.
    echo "origin/$EVENT_DEFAULT_BRANCH..$EVENT_TO"
  fi
}

# One argument each in `command`, which no shell reads again.
build_command() {
  local words=() path
  command=(scan --no-progress)
  [ -z "$INPUT_FAIL_ON" ] || command+=("--fail-on=$INPUT_FAIL_ON")
  case $INPUT_MODE in
    scan) ;;
    since)
      local commits
      commits=$(range)
      [ -n "$commits" ] || misused "this event names no range of commits; give the input since"
      command+=("--since=$commits")
      # A change cannot excuse itself: the configuration is that of the commit it starts from.
      [ -n "$INPUT_CONFIG_REF" ] || [ "$EVENT_NAME" != pull_request ] || INPUT_CONFIG_REF=$EVENT_FROM
      ;;
    history) command+=(--history) ;;
    *) misused "the input mode is scan, since or history" ;;
  esac
  [ -z "$INPUT_CONFIG_REF" ] || [ "$INPUT_CONFIG_REF" = none ] || command+=("--config-ref=$INPUT_CONFIG_REF")
  read -r -d '' -a words <<< "$INPUT_ARGS" || true
  command+=("${words[@]+"${words[@]}"}")
  if [ "$INPUT_MODE" = scan ]; then
    command+=(--)
    while IFS= read -r path; do
      [ -z "$path" ] || command+=("$path")
    done <<< "$INPUT_PATH"
  fi
}

# The same scan in another form; it was already said how it ended.
again() {
  local format=$1
  "$BINARY" "${command[0]}" "--format=$format" "${command[@]:1}" || true
}

report=$INPUT_OUTPUT
[ -n "$report" ] || report=$RUNNER_TEMP/straykey.$INPUT_FORMAT
[[ $report != *$'\n'* ]] || misused "the input output is a path of one line"
command=()
build_command

# What lies there from an earlier step must not pass for the report of this one.
rm -f -- "$report"
code=0
"$BINARY" "${command[0]}" "--format=$INPUT_FORMAT" "--output=$report" "${command[@]:1}" || code=$?
[ ! -f "$report" ] || echo "report=$report" >> "$GITHUB_OUTPUT"
[ -f "$report" ] || [ "$code" -ne 0 ] || misused "it left no report, so nothing says that it searched"

if [ "$code" -eq 1 ] || [ "$code" -eq 3 ]; then
  [ "$INPUT_SUMMARY" != true ] || again markdown >> "$GITHUB_STEP_SUMMARY"
  # Code scanning annotates by itself.
  [ "$INPUT_UPLOAD" = true ] && [ "$INPUT_FORMAT" = sarif ] || again github
fi
finish "$code"
