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
    timed nightly_passes "$1" sql_file "$fresh" nightly_passes.sql --set=tenants="$1"
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

# On a sample, since it takes as long for each tenant; beside the machine and over the link.
measure_old_path() {
    fresh_copy "missing_$1"
    in_database "$fresh" psql -c "CREATE SEQUENCE turn"
    each_run old_path_run old_path "$1"
    each_run over_the_link old_path_run old_path_link "$1"
}

old_path_run() { # MEASURE TENANTS
    local count=$(($2 < 1000 ? $2 / (2 * runs) : 500 / runs)) start=$EPOCHREALTIME
    in_database "$fresh" pgbench --no-vacuum --protocol=extended --client=1 \
        --transactions="$count" --file="$here/sql/old_path.sql" >"$out/last.out" 2>&1
    record "${1}_tenant_s" "$2" "$(awk "BEGIN { print $(since "$start") / $count }")"
}

# Half a millisecond each way, as between two machines of one network.
over_the_link() { # COMMAND...
    local link port
    python3 "$here/link.py" "$PGHOST/.s.PGSQL.$PGPORT" 0.5 >"$out/link.port" &
    link=$!
    until [[ -s $out/link.port ]]; do sleep 0.05; done
    port=$(<"$out/link.port")
    PGHOST=127.0.0.1 PGPORT=$port PGSSLMODE=disable "$@"
    kill "$link"
    wait "$link" || true
    rm "$out/link.port"
}

measure_link() { each_run link_run "$1"; }

link_run() {
    fresh_copy "missing_$1"
    over_the_link timed_job apply_link "$1" "$fresh" apply --yes
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

# The longest transaction of the job that has written something, while a command of it runs.
watched_job() { # MEASURE TENANTS DATABASE ARGUMENTS...
    local watch
    PGDATABASE=$3 PGAPPNAME=watch command psql -X -At --set=watched=customer-reconcile --file="$here/sql/watch.sql" \
        >"$out/watch.out" &
    watch=$!
    PGAPPNAME=customer-reconcile timed_job "$@"
    kill "$watch"
    wait "$watch" || true
    record_watch "$1" "$2"
}

# A run of all creates, looked at in every way and taken back.
measure_history() { each_run history_run "$1"; }

history_run() {
    local run form
    fresh_copy "missing_$1"
    timed_job made "$1" "$fresh" apply --yes
    run=$(in_database "$fresh" psql -At -c "SELECT run_id FROM customer_reconcile.run WHERE mode = 'apply'")
    timed_job history "$1" "$fresh" history
    for form in text json jsonl csv markdown html; do
        timed_job "show_$form" "$1" "$fresh" show "$run" --format "$form"
    done
    timed_job undo_look "$1" "$fresh" undo "$run" --dry-run
    timed_job undo_look_json "$1" "$fresh" undo "$run" --dry-run --format json
    # Else the server passes over all contacts for each company: hours, of which nothing is learnt.
    (($1 <= 10000)) || in_database "$fresh" psql -c "CREATE INDEX ON contacts (client_id)"
    watched_job undo "$1" "$fresh" undo "$run" --yes
}

# Crowds of one name, as many rows of different names, and what each costs.
measure_crowd() { each_run crowd_run; }

crowd_run() {
    local crowd
    for crowd in crowd strangers; do
        make "$crowd" template_clients crowd.sql --set="crowd=$crowd"
        timed_job "$crowd" 1500 "$crowd" plan --report "$out/crowd.json"
        record "${crowd}_report_b" 1500 "$(stat --format=%s "$out/crowd.json")"
    done
}

# Adoptions of companies with much in their properties.
measure_bytes() { each_run bytes_run; }

bytes_run() {
    make bytes template_clients bytes.sql
    fresh_copy bytes
    watched_job bytes 500 "$fresh" apply --yes
}

# Contacts repaired and taken back beside as many referring tables as the platform has.
measure_referrers() { each_run referrers_run "$1"; }

referrers_run() {
    make_in_sync "$1"
    fresh_copy "in_sync_$1"
    sed 's/{company}/client/g; s/{companies}/clients/g' "$here/../fixtures/referrers.sql" |
        in_database "$fresh" psql --file=-
    in_database "$fresh" psql -c "DELETE FROM contacts WHERE tenant = md5('vendor')::uuid" -c "ANALYZE contacts"
    timed_job repair "$1" "$fresh" apply --yes
    watched_job unrepair "$1" "$fresh" undo \
        "$(in_database "$fresh" psql -At -c "SELECT run_id FROM customer_reconcile.run WHERE mode = 'apply'")" --yes
}

# What a run costs that has nothing to do.
measure_idle() {
    make_in_sync "$1"
    each_run idle_run "$1"
}

idle_run() {
    fresh_copy "in_sync_$1"
    timed_job plan_before_idle "$1" "$fresh" plan
    timed_job idle "$1" "$fresh" apply --yes
    record idle_journal_rows "$1" "$(in_database "$fresh" psql -At -c \
        "SELECT (SELECT count(*) FROM customer_reconcile.run_start) + (SELECT count(*) FROM customer_reconcile.change)")"
    beside still "$1" none sleep 30
    beside frequent "$1" customer-reconcile every_ten_seconds
}

# What was made meanwhile is too young to become a customer.
every_ten_seconds() {
    for _ in 1 2 3; do
        sleep 10 &
        in_database "$fresh" "$job" apply --yes --policy create-only --journal-note-drift=false \
            --reading-pace=gentle
        wait $!
    done
}
