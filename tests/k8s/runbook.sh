#!/usr/bin/env bash
# Executes the commands of the runbook (runbook.py) on a PostgreSQL of its own, where the demo's world is.
#
#   runbook.sh PROGRAM KUBECTL
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here
readonly tests=$here/..
[[ -x $2 ]] || { echo "SKIPPED: no kubectl at $2"; exit 77; }
folder=$(mktemp -d)
readonly folder
end() {
    "$tests/support/cluster.sh" stop "$folder/cluster" >/dev/null || true
    rm -rf "$folder"
}
trap end EXIT
"$tests/support/cluster.sh" start "$folder/cluster" --no-fsync >/dev/null
# shellcheck disable=SC1091 # made by the line above
source "$folder/cluster/env"
psql -q -d postgres -c 'CREATE DATABASE server TEMPLATE template_clients'
psql -q -d server --file="$tests/fixtures/demo_world.sql" >/dev/null
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$here/runbook.py" "$tests/.." "$1" "$2"
