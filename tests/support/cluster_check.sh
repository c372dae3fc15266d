#!/usr/bin/env bash
# cluster.sh stop leaves nothing behind, also where a server has not written its pid file yet. What cannot be started is
# said, and a pooler that nobody wants does not run.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
dir=$(mktemp -d)
trap '"$here/cluster.sh" stop "$dir"; rm -rf "$dir"' EXIT

if refusal=$(POSTGRES_VERSION=9.6 "$here/cluster.sh" start "$dir" 2>&1) || [[ $refusal != *"no PostgreSQL 9.6 in"* ]]; then
    echo "a server that is not installed: $refusal" >&2
    exit 1
fi

"$here/cluster.sh" start "$dir" --no-fsync --no-pooler
if [[ -e $(cat "$dir/home")/pgbouncer.ini || -e $dir/pgbouncer_conninfo ]]; then
    echo "there is a pooler" >&2
    exit 1
fi

"$here/cluster.sh" start "$dir" --no-fsync
home=$(cat "$dir/home")
rm "$home/pgbouncer.pid" "$home/data/postmaster.pid"
"$here/cluster.sh" stop "$dir"

if [[ -e $home || -e $dir/home ]]; then
    echo "the servers' files are still there: $home" >&2
    exit 1
fi
# shellcheck disable=SC2062 # these are the files, not the pattern
left=$(grep -lF -f - /proc/[0-9]*/cmdline <<<"$home/" 2>/dev/null) || exit 0
echo "still running: $left" >&2
exit 1
