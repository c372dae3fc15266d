# shellcheck shell=bash
# What the demo and the drill stand on, for `source`: a private PostgreSQL with the demo's world, and commands that are
# shown before they run.

: "${job:?is the program that they run}"
demo_support=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
demo_home=

start_demo_database() {
    demo_home=$(mktemp -d "${TMPDIR:-/tmp}/customer-reconcile-demo.XXXXXX")
    trap end_demo EXIT
    "$demo_support/cluster.sh" start "$demo_home" --no-fsync --no-pooler
    # shellcheck source=/dev/null
    source "$demo_home/env"
    export PGDATABASE=demo
    run_sql --dbname=postgres -c "CREATE DATABASE demo TEMPLATE template_clients"
    run_sql --file="$demo_support/../fixtures/demo_world.sql"
}

end_demo() {
    "$demo_support/cluster.sh" stop "$demo_home" || true
    rm -rf "$demo_home"
}

run_sql() {
    psql -X --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 "$@"
}

# As a person would type it: quoted only where the shell asks for it.
print_command() {
    local word
    printf '\n$ customer-reconcile'
    for word in "$@"; do
        [[ $word =~ ^[[:alnum:]_./=:@%,+\&-]+$ ]] || word=${word@Q}
        printf ' %s' "$word"
    done
    printf '\n\n'
}

# Runs the job, shows its exit code, and ends the demo with a code that is not the expected one.
show() {
    local expected=$1 status=0
    shift
    print_command "$@"
    "$job" "$@" || status=$?
    check_exit_code "$expected" "$status" "$1"
}

# The same with the report's upper part only, for reports whose items have been seen before. sed reads all of it, as the
# job takes a reader that goes for an error.
show_top() {
    local expected=$1 status=0
    shift
    print_command "$@"
    "$job" "$@" | sed '/^Marks: /,$d' || status=${PIPESTATUS[0]}
    echo "[Its items are left out here.]"
    check_exit_code "$expected" "$status" "$1"
}

check_exit_code() {
    local expected=$1 status=$2 command=$3
    echo
    echo "exit code $status"
    [[ $status == "$expected" ]] && return
    echo "This is not as it should be: \"customer-reconcile $command\" ended with exit code $status, and $expected was expected." >&2
    exit 1
}

# How many changes of the plan file the guard for changes counts.
count_adoptions() {
    grep -c '"kind":"unstamped"\|"kind":"untagged"\|"kind":"contact_missing"' "$1"
}
