# shellcheck shell=bash disable=SC2154 # the variables are those of bench.sh
# The private PostgreSQL and the worlds in it; sourced by bench.sh.
#
# A world is a database named after its state and its number of tenants, e.g. missing_100000. It is a template:
# what writes works on a copy of it.

say() { printf '\n== %s\n' "$*"; }

in_database() {
    PGDATABASE=$1 "${@:2}"
}

psql() { command psql -X --quiet --set=ON_ERROR_STOP=1 "$@"; }

end_database() {
    # shellcheck disable=SC2046
    kill $(jobs -p) 2>/dev/null || true
    "$here/../support/cluster.sh" stop "$out/cluster" || true
}

start_database() {
    trap end_database EXIT
    "$here/../support/cluster.sh" start "$out/cluster"
    # shellcheck source=/dev/null
    source "$out/cluster/env"
    export PGDATABASE=postgres
    psql -c "ALTER SYSTEM SET max_wal_size = '4GB'"
    set_durability on
}

# Worlds are made without waiting for the disk; nothing is measured meanwhile.
set_durability() {
    psql -c "ALTER SYSTEM SET fsync = $1" -c "ALTER SYSTEM SET full_page_writes = $1" \
        -c "SELECT pg_reload_conf()" >/dev/null
    [[ $1 == off ]] || { psql -c CHECKPOINT && sync; }
}

exists() {
    [[ -n $(psql -At -c "SELECT 1 FROM pg_database WHERE datname = '$1'") ]]
}

copy() {
    psql -c "SET client_min_messages = warning" -c "DROP DATABASE IF EXISTS $2" \
        -c "CREATE DATABASE $2 TEMPLATE $1 STRATEGY file_copy"
}

# make WORLD from TEMPLATE by a file of sql/ and psql's options, unless it is there.
make() {
    local world=$1 template=$2 file=$3
    ! exists "$world" || return 0
    echo "making $world"
    set_durability off
    copy "$template" "$world"
    in_database "$world" psql --file="$here/sql/$file" "${@:4}"
    in_database "$world" psql -c "VACUUM (ANALYZE)"
    set_durability on
}

make_world() { make "missing_$1" template_clients world.sql --set=tenants="$1" --set=prefill=5; }

make_empty() { make "empty_$1" template_clients world.sql --set=tenants="$1" --set=prefill=0; }

make_in_sync() {
    make "in_sync_$1" "missing_$1" one_statement.sql --set=link=t.tenant
    with_journal "in_sync_$1"
}

make_legacy() { make "legacy_$1" "missing_$1" one_statement.sql --set=link=t.client_name; }

make_drift() {
    make_in_sync "$1"
    make "drift_$1" "in_sync_$1" drift.sql --set=tenants="$1"
}

drop_worlds() {
    local state
    for state in copy missing empty in_sync legacy drift; do
        psql -c "SET client_min_messages = warning" -c "DROP DATABASE IF EXISTS ${state}_$1"
    done
}

with_journal() {
    in_database "$1" "$job" init --yes >/dev/null
}

# A fresh copy of a world to write in, with the journal's tables; its name is in $fresh.
fresh_copy() {
    fresh=copy_${1##*_}
    copy "$1" "$fresh"
    with_journal "$fresh"
    sync
}
