#!/usr/bin/env bash
# The drill goes through without a question where there is no terminal, stops at a step that does not end as it should,
# and leaves nothing behind.
#
#   drill_check.sh JOB
set -euo pipefail

readonly drill=${BASH_SOURCE[0]%/*}/drill.sh
work=$(mktemp -d)
readonly work
trap 'rm -rf "$work"' EXIT
export TMPDIR=$work/tmp
mkdir "$TMPDIR"

fail() {
    echo "drill_check.sh: $*" >&2
    exit 1
}

expect_nothing_left() {
    local home left
    [[ -z $(ls -A "$TMPDIR") ]] || fail "files are left: $(ls "$TMPDIR"/*)"
    home=$(grep -o -m 1 '\(/tmp\|/dev/shm\)/reconcile\.[[:alnum:]]*' "$work/log") || fail "the log names no cluster"
    # shellcheck disable=SC2062 # these are the files, not the pattern
    left=$(grep -lF -f - /proc/[0-9]*/cmdline <<<"$home/" 2>/dev/null) || true
    [[ ! -e $home && -z $left ]] || fail "the cluster $home is left: $left"
}

"$drill" "$1" </dev/null >"$work/log" 2>&1 || { cat "$work/log"; fail "the drill failed"; }
grep -q '^== The drill is over' "$work/log" || fail "the drill did not come to its end"
expect_nothing_left

# A job that refuses nothing.
# shellcheck disable=SC2016 # that script's own variables
printf '#!/bin/sh\nif [ "$1" = plan ]; then exit 0; fi\nexec "%s" "$@"\n' "$(realpath "$1")" >"$work/job"
chmod +x "$work/job"
if "$drill" "$work/job" </dev/null >"$work/log" 2>&1; then
    fail "the drill does not see that nothing was refused"
fi
grep -q '"customer-reconcile plan" ended with exit code 0, and 3 was expected' "$work/log" || { cat "$work/log"; fail "no sentence"; }
expect_nothing_left
