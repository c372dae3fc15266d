# shellcheck shell=bash disable=SC2154 # the variables are those of bench.sh
# One function a group of measures; sourced by bench.sh. Each is measured next to its baseline, run by run,
# so that a slow minute of the machine slows both.

record() { # MEASURE TENANTS VALUE
    printf '%s\t%s\t%s\n' "$@" >>"$out/samples.tsv"
    printf '  %-28s %s\n' "$1" "$3"
}

since() { # START: seconds from a value of $EPOCHREALTIME until now
    local now=$EPOCHREALTIME
    printf '%d.%06d' $(((${now/./} - ${1/./}) / 1000000)) $(((${now/./} - ${1/./}) % 1000000))
}

# timed MEASURE TENANTS COMMAND...: the seconds that it takes
timed() {
    local start=$EPOCHREALTIME
    "${@:3}" >"$out/last.out" 2>"$out/last.err" || die "failed with $?: ${*:3}
$(tail -n 20 "$out/last.out" "$out/last.err")"
    record "${1}_s" "$2" "$(since "$start")"
}

# timed_job MEASURE TENANTS DATABASE ARGUMENTS...: seconds, peak resident memory and phases of a run of the job
timed_job() {
    timed "$1" "$2" in_database "$3" /usr/bin/time --format=%M --output="$out/rss" "$job" "${@:4}"
    record "${1}_rss_kib" "$2" "$(cat "$out/rss")"
    python3 "$here/phases.py" "$out/last.out" | while read -r phase seconds; do
        record "${1}_${phase}_s" "$2" "$seconds"
    done
}

sql_file() { # DATABASE FILE OPTIONS...
    in_database "$1" psql --file="$here/sql/$2" "${@:3}"
}

each_run() { # FUNCTION ARGUMENTS...
    for ((run = 1; run <= runs; ++run)); do "$@"; done
}

measure_reading() {
    make_in_sync "$1"
    each_run reading_run "$1"
}

reading_run() {
    timed reading_floor "$1" sql_file "in_sync_$1" reading_floor.sql
    timed sql_diff "$1" sql_file "in_sync_$1" sql_diff.sql
    timed_job plan "$1" "in_sync_$1" plan
}

measure_round_trips() {
    make_in_sync "$1"
    local log=$out/cluster/postgresql.log before
    before=$(stat --format=%s "$log")
    PGOPTIONS="-c log_statement=all" in_database "in_sync_$1" "$job" plan >/dev/null
    record round_trips "$1" \
        "$(tail --bytes=+$((before + 1)) "$log" | grep --count --extended-regexp 'LOG:  (statement|execute)')"
}

measure_nightly() {
    make_drift "$1"
    each_run nightly_run "$1"
}

nightly_run() {
    fresh_copy "drift_$1"
    in_database "$fresh" "$job" plan >/dev/null # the world that it is compared with has been read before, too
    timed_job nightly "$1" "$fresh" apply --yes
}

measure_backfill() { each_run backfill_run "$1"; }

backfill_run() {
    fresh_copy "missing_$1"
    timed one_statement "$1" sql_file "$fresh" one_statement.sql --set=link=t.tenant
    fresh_copy "missing_$1"
    timed_job apply "$1" "$fresh" apply --yes
}

measure_legacy() {
    make_legacy "$1"
    each_run legacy_run "$1"
}

legacy_run() {
    fresh_copy "legacy_$1"
    timed_job legacy "$1" "$fresh" apply --yes
}

measure_empty() {
    make_empty "$1"
    each_run empty_run "$1"
}

empty_run() {
    fresh_copy "empty_$1"
    timed_job empty "$1" "$fresh" apply --yes
}

# On a sample, since it takes as long for each tenant.
measure_old_path() {
    local sample=$(($1 < 1000 ? $1 : 1000)) start
    fresh_copy "missing_$1"
    in_database "$fresh" psql -c "CREATE SEQUENCE turn"
    for ((run = 1; run <= runs; ++run)); do
        start=$EPOCHREALTIME
        in_database "$fresh" pgbench --no-vacuum --protocol=extended --client=1 \
            --transactions=$((sample / runs)) --file="$here/sql/old_path.sql" >"$out/last.out" 2>&1
        record old_path_tenant_s "$1" "$(awk "BEGIN { print $(since "$start") / $((sample / runs)) }")"
    done
}

# Tenant creation at 200/s for as long as something else runs beside it.
measure_beside() { each_run beside_run "$1"; }

beside_run() {
    fresh_copy "missing_$1"
    beside alone "$1" none sleep 10
    beside one_statement "$1" one_statement sql_file "$fresh" one_statement.sql --set=link=t.tenant
    fresh_copy "missing_$1"
    beside apply "$1" customer-reconcile in_database "$fresh" "$job" apply --yes
}

beside() { # WHAT TENANTS APPLICATION COMMAND...
    local creation watch start
    start_creation
    sleep 2
    PGDATABASE=$fresh PGAPPNAME=watch command psql -X -At --set=watched="$3" --file="$here/sql/watch.sql" \
        >"$out/watch.out" &
    watch=$!
    start=$EPOCHREALTIME
    PGAPPNAME=$3 "${@:4}" >"$out/last.out" 2>"$out/last.err" || die "failed with $?: ${*:4}"
    record_creation "$1" "$2" "$start" "$EPOCHREALTIME"
    kill "$watch"
    wait "$watch" || true
    record_watch "$1" "$2"
}

start_creation() {
    rm -f "$out"/creation.*
    PGDATABASE=$fresh PGAPPNAME=creation pgbench --no-vacuum --protocol=extended --client=8 \
        --rate=200 --time=3600 --log --log-prefix="$out/creation" --file="$here/sql/creation.sql" \
        >"$out/creation.out" 2>&1 &
    creation=$!
}

# Columns 3, 5 and 6 of pgbench's log: latency from the scheduled start in us, and when it ended.
record_creation() { # WHAT TENANTS FROM UNTIL
    kill -ALRM "$creation" # how pgbench learns that its time is over
    wait "$creation" || die "pgbench failed: $(tail -n 5 "$out/creation.out")"
    awk -v from="$3" -v until="$4" '{ at = $5 + $6 / 1e6 } at >= from && at <= until { print $3 / 1000 }' \
        "$out"/creation.[0-9]* | sort --numeric-sort >"$out/latencies"
    local percent count
    count=$(wc -l <"$out/latencies")
    for percent in 50 95 99; do
        record "creation_${1}_p${percent}_ms" "$2" \
            "$(sed -n "$(((count * percent + 99) / 100))p" "$out/latencies")"
    done
}

record_watch() {
    local longest waits
    read -r longest waits < <(awk -F'|' 'NF == 2 { if ($1 > longest) longest = $1; waits += $2 }
        END { print longest + 0, waits + 0 }' "$out/watch.out")
    record "${1}_longest_transaction_ms" "$2" "$longest"
    record "${1}_lock_waits" "$2" "$waits"
}

# How long the whole process takes when there is next to nothing to do.
measure_tiny() {
    say "10 tenants"
    make_world 10
    make_in_sync 10
    for ((run = 1; run <= 10 * runs; ++run)); do
        timed select_1 10 in_database in_sync_10 command psql -c "select 1"
        timed plan 10 in_database in_sync_10 "$job" plan
    done
}
