#!/usr/bin/env bash
# The bad nights, as training, on a private PostgreSQL that goes afterwards: a refusal and its allowance, a wrong run and
# its undo, a killed run and the next one. It fails where a step does not end with the exit code that it is there to show.
#
#   drill.sh JOB
set -euo pipefail

job=$(realpath "$1")
readonly job
# shellcheck source=tests/support/demo.sh
source "$(dirname "${BASH_SOURCE[0]}")/demo.sh"

run_pid=

end_drill() {
    [[ -z $run_pid ]] || kill -KILL "$run_pid" 2>/dev/null || true
    cd /
    end_demo
}

step() {
    printf '\n== %s\n' "$1"
}

tell() {
    printf '%s\n' "$@"
}

end_step() {
    [[ -t 0 && -t 1 ]] || return 0
    read -r -p $'\nEnter goes on, Ctrl-C ends the drill. '
}

fail() {
    echo "The drill failed: $*" >&2
    exit 1
}

last_run() {
    run_sql -c "SELECT left(run_id::text, 8) FROM customer_reconcile.run ORDER BY started_at DESC LIMIT 1"
}

refusal() {
    step "1. A refusal"
    tell "The first night is far larger than any other, and a guard holds it back: exit code 3." \
        "Look at the block GUARD: it says how many are due, what the limit is, and which command allows them."
    show 3 plan --out first.json
    end_step

    step "2. An allowance that does not fit"
    tell "An allowance names the count that a person has looked at. With another number nothing is written." \
        "Look at the message: it says which number the plan has."
    show_top 3 apply first.json --yes --allow change=20 --reason "first adoption, reviewed"
    end_step

    step "3. The allowance"
    tell "You have read the plan, it is right, and you allow just this one. The journal keeps your reason." \
        "Look at \"Left, by a fresh read\": what is still to do is for a person, or waits for its grace."
    show_top 0 apply first.json --yes --allow "change=$(count_adoptions first.json)" --reason "first adoption, reviewed"
    end_step
}

wrong_run() {
    local run
    step "4. A wrong run"
    tell "Somebody lets the job rename companies. But the vendor's staff had chosen these names on purpose." \
        "The run itself goes well: exit code 0. Look at \"Done: rename\"."
    show_top 0 apply --yes --drift-renamed=apply
    end_step

    step "5. Which run was it?"
    tell "Look at the last column: the run's id. Its first 8 digits are enough in every command."
    show 0 history 2
    end_step

    run=$(last_run)
    step "6. What would take it back?"
    tell "With --dry-run, undo only shows its plan. Without it, and without --yes, it would ask." \
        "Look at the names: each company gets its former one. What somebody has changed since would be kept."
    show 0 undo "$run" --dry-run --list-limit=8
    end_step

    step "7. The undo"
    tell "The undo is a run of its own. Look at history: it tells what was undone." \
        "The next run renames nothing, as drift.renamed is \"report\" again: it only says that the names differ."
    show_top 0 undo "$run" --yes
    show 0 history 2
    show_top 0 plan
    end_step
}

add_tenants() {
    run_sql <<'SQL'
INSERT INTO tenants (tenant, client_name, email, created_at, product_code)
SELECT md5('drill ' || n)::uuid, 'Night Shift IT ' || n, 'owner@nightshift' || n || '.example', now() - interval '1 day', 'psa'
  FROM generate_series(1, 20) AS n;
SQL
}

# Each batch takes a second more.
slow_down() {
    run_sql <<'SQL'
CREATE FUNCTION public.be_slow() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM pg_sleep(1); RETURN NULL; END$$;
CREATE TRIGGER be_slow AFTER INSERT ON customer_reconcile.change FOR EACH STATEMENT EXECUTE FUNCTION be_slow();
SQL
}

# Waits for the transaction that the killed run left open, too: its session ends when the server notices.
end_slowness() {
    run_sql -c "DROP FUNCTION public.be_slow CASCADE" 2>/dev/null
}

count_new_customers() {
    run_sql -c "SELECT count(*) FROM clients WHERE properties ->> 'tenant_id' IN
                       (SELECT md5('drill ' || n)::uuid::text FROM generate_series(1, 20) AS n)"
}

wait_for_first_batch() {
    for _ in {1..600}; do
        [[ $(count_new_customers) == 0 ]] || return 0
        sleep 0.1
    done
    fail "the run wrote nothing within a minute."
}

kill_run() {
    local status=0 command=(apply --yes --batch-size=4 --lease-time=20s)
    print_command "${command[@]}" "&"
    "$job" "${command[@]}" &
    run_pid=$!
    wait_for_first_batch
    tell "$ kill -9 $run_pid"
    kill -KILL "$run_pid"
    wait "$run_pid" 2>/dev/null || status=$?
    run_pid=
    check_exit_code 137 "$status" apply
    end_slowness
    tell "$(count_new_customers) of 20 new customers are there, each of them whole: a batch is one transaction."
}

killed_run() {
    add_tenants
    slow_down
    step "8. A killed run"
    tell "20 tenants are new, and the server is slow. The run is killed while it writes (137 is 128 + 9)." \
        "The next run ends at once with exit code 75, as the dead one still has the lease." \
        "Look at the run that the message names, and when its lease ends. history does not know yet that the run is dead."
    kill_run
    show 75 apply --yes
    show 0 history 1
    end_step

    step "9. The next run that goes through"
    tell "Nothing has to be repaired. A lease runs out by itself: here after 20 s, else after lease.time, 5 minutes." \
        "With --lease-wait a run waits for its turn. It makes the customers that are still missing, and no other."
    show_top 0 apply --yes --lease-wait=2m
    [[ $(count_new_customers) == 20 ]] || fail "$(count_new_customers) new customers are there, and not 20."
    end_step

    step "10. What is left of it"
    tell "Look at the killed run: history has no end of it, and says so. The run after it made the rest." \
        "The plan creates nothing more. What it lists waits for a person, or for its grace."
    show 0 history 2
    show_top 0 plan
}

start_demo_database
trap end_drill EXIT
cd "$demo_home"
step "0. The job's own tables, in a private PostgreSQL with 400 tenants"
tell "The reports list one item of each kind here, to be short, and show names also where they go through a pipe."
export CUSTOMER_RECONCILE_LIST_LIMIT=1 CUSTOMER_RECONCILE_PERSONAL_DATA=show
tell "" "$ export CUSTOMER_RECONCILE_LIST_LIMIT=1 CUSTOMER_RECONCILE_PERSONAL_DATA=show"
show 0 init --yes
end_step
refusal
wrong_run
killed_run
step "The drill is over"
tell "Its database goes now. The runbook, k8s/README.md, has the other alarms."
