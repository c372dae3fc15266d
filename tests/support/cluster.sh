#!/usr/bin/env bash
# A private PostgreSQL with a PgBouncer in front, for the tests and the demo.
#
#   cluster.sh start DIR [--no-fsync] [--no-pooler] [--foreign]
#                                       stops the one that DIR still names, then makes a new one; a foreign one
#                                       says everything in German, and its databases sort and fold case in Turkish
#   cluster.sh restart DIR MODE         PostgreSQL alone; MODE: smart, fast or immediate
#   cluster.sh standby DIR PRIMARY      a standby of the cluster in PRIMARY, with PostgreSQL alone
#   cluster.sh stop DIR                 ends it and removes what `start` made
#
# The newest server that is installed, or POSTGRES_VERSION.
#
# DIR gets conninfo, pgbouncer_conninfo (libpq), env (PGHOST, PGPORT, PGUSER and PATH for a shell) and the logs. The
# servers' own files live in a short directory elsewhere: a socket's path may have 107 bytes, and the user `postgres`
# may not be able to reach DIR. It is under /tmp; with --no-fsync it is in memory where 4 GB are free there, since a
# database has 300 files and a disk may take a millisecond to make one. Template databases (schema only):
# template_companies, template_clients, and template_clients_DATE for each earlier state of the clients generation.
set -euo pipefail

readonly servers=/usr/lib/postgresql
bin=
fixtures=$(cd "$(dirname "${BASH_SOURCE[0]}")/../fixtures" && pwd)
readonly fixtures

usage() {
    echo "usage: cluster.sh start DIR [--no-fsync] [--no-pooler] [--foreign] | restart DIR MODE |" \
        "standby DIR PRIMARY | stop DIR" >&2
    exit 64
}

find_server() {
    local installed version
    installed=$(find "$servers" -path '*/bin/initdb' 2>/dev/null | cut -d/ -f5 | sort --version-sort) || true
    version=${POSTGRES_VERSION:-$(tail -n 1 <<<"$installed")}
    bin=$servers/$version/bin
    [[ -n $version && -x $bin/initdb ]] && return
    echo "cluster.sh: there is no PostgreSQL ${version:-server} in $servers. Installed: ${installed//$'\n'/ }." \
        "Install postgresql-${version:-15}, or name another one in POSTGRES_VERSION." >&2
    exit 69
}

place_of_files() {
    local free
    free=$(df --output=avail --block-size=1G /dev/shm 2>/dev/null | tail -n 1) || free=0
    if [[ $fsync == off && -w /dev/shm && $free -ge 4 ]]; then
        echo /dev/shm
    else
        echo /tmp
    fi
}

# PostgreSQL and PgBouncer refuse to run as root.
as_server_user() {
    if [[ $EUID -eq 0 ]]; then
        (cd / && exec runuser -u postgres -- "$@")
    else
        (cd / && exec "$@")
    fi
}

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000)) # below the range of outgoing connections
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}

# The processes that have the file on their command line, which a zombie has no more. grep gets it by its input, so
# as not to find itself.
processes_on() {
    # shellcheck disable=SC2062 # these are the files, not the pattern
    grep -lF -f - /proc/[0-9]*/cmdline <<<"$1" 2>/dev/null | cut -d/ -f3 || true
}

# Asks for the processes and not for the pid file: a server that has just been started, by a `start` that was cut short
# or has lost its patience, may write its own only when nobody looks for it any more.
end_server() {
    local file=$1 signal=$2 pids
    for _ in {1..200}; do
        mapfile -t pids < <(processes_on "$file")
        [[ ${#pids[@]} -gt 0 ]] || return 0
        kill -"$signal" "${pids[@]}" 2>/dev/null || true # one may have ended since
        sleep 0.05
    done
    echo "cluster.sh: ${pids[*]} did not end" >&2
    return 1
}

stop() {
    home=$(cat "$dir/home" 2>/dev/null) || return 0
    [[ $home == /tmp/reconcile.* || $home == /dev/shm/reconcile.* ]] || return 0
    end_server "$home/pgbouncer.ini" TERM
    end_server "$home/data" QUIT # at once: the data goes too
    [[ ! -e $dir/slot ]] || drop_slot
    rm -rf "$home"
    rm -f "$dir"/{home,bin,conninfo,pgbouncer_conninfo,env,primary,slot}
}

# A primary that is gone has no slot either. It may take a moment to see that the standby has gone.
drop_slot() {
    local slot tries
    slot=$(<"$dir/slot")
    for tries in {1..50}; do
        "$(<"$dir/bin")/psql" -X --quiet --dbname="$(<"$dir/primary")" --output=/dev/null \
            --command="SELECT pg_drop_replication_slot('$slot')" 2>/dev/null && return
        sleep 0.1
    done
    echo "cluster.sh: the slot $slot is left after $tries tries, or its primary is gone" >&2
}

# The server finds the language that Debian has not made by LOCPATH.
speak_german() {
    as_server_user mkdir "$home/locales"
    as_server_user localedef --inputfile=de_DE --charmap=UTF-8 "$home/locales/de_DE.UTF-8"
    echo "lc_messages = 'de_DE.UTF-8'" >>"$home/data/postgresql.conf"
    export LOCPATH=$home/locales
}

start_postgres() {
    local rules=()
    [[ $foreign == no ]] || rules=(--locale-provider=icu --icu-locale=tr)
    as_server_user "$bin/initdb" --pgdata="$home/data" --username=postgres --auth=trust --encoding=UTF8 \
        --locale=C.UTF-8 "${rules[@]}" --no-sync >"$dir/initdb.log"
    cat >>"$home/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
log_line_prefix = '%m [%p] %d '
port = $port
unix_socket_directories = '$home'
max_connections = 60
fsync = $fsync
synchronous_commit = $fsync
full_page_writes = $fsync
CONF
    [[ $foreign == no ]] || speak_german
    as_server_user "$bin/pg_ctl" start --wait --timeout=60 --silent --pgdata="$home/data" \
        </dev/null >"$dir/postgresql.log" 2>&1
}

start_pgbouncer() {
    [[ $with_pooler == true ]] || return 0
    cat >"$home/pgbouncer.ini" <<CONF
[databases]
in_statement_mode = host=$home port=$port dbname=postgres auth_user=postgres pool_mode=statement
* = host=$home port=$port auth_user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $pooler_port
unix_socket_dir = $home
auth_type = trust
auth_file = $home/pgbouncer.users
pool_mode = transaction
default_pool_size = 10
server_round_robin = 1
max_client_conn = 200
pidfile = $home/pgbouncer.pid
CONF
    echo '"postgres" ""' >"$home/pgbouncer.users"
    as_server_user /usr/sbin/pgbouncer "$home/pgbouncer.ini" </dev/null >"$dir/pgbouncer.log" 2>&1 &
    for _ in {1..100}; do
        "$bin/pg_isready" --quiet --host="$home" --port="$pooler_port" --dbname=postgres && return 0
        sleep 0.05
    done
    return 1
}

psql_in() {
    local database=$1
    shift
    "$bin/psql" -X --quiet --set=ON_ERROR_STOP=1 --host="$home" --port="$port" --username=postgres \
        --dbname="$database" "$@"
}

# Tests look at what the job sends while it runs as the roles that it prints, which are no superusers.
allow_logging() {
    psql_in postgres -c "GRANT SET ON PARAMETER log_statement, log_min_messages, session_preload_libraries,
                             auto_explain.log_min_duration TO PUBLIC"
}

make_template() {
    local name=$1 from=$2 fixture=$3
    psql_in postgres -c "CREATE DATABASE $name TEMPLATE $from"
    psql_in "$name" -f "$fixtures/$fixture.sql"
}

load_templates() {
    local increment date state=template_clients_2025_10_03
    make_template template_companies template1 companies
    make_template "$state" template1 clients
    for increment in "$fixtures"/clients_*.sql; do
        date=$(basename "$increment" .sql)
        make_template "template_${date//-/_}" "$state" "$date"
        state=template_${date//-/_}
    done
    psql_in postgres -c "ALTER DATABASE $state RENAME TO template_clients"
}

# A port can be taken between the look and the use: try again.
start_servers() {
    local attempt
    for attempt in 1 2 3; do
        home=$(mktemp -d "$(place_of_files)/reconcile.XXXXXX")
        echo "$home" >"$dir/home"
        port=$(free_port)
        pooler_port=$(free_port)
        [[ $EUID -ne 0 ]] || chown postgres "$home"
        if start_postgres && start_pgbouncer; then
            return 0
        fi
        echo "cluster.sh: start $attempt failed; see the end of the logs" >&2
        tail -n 5 "$dir"/{initdb,postgresql,pgbouncer}.log >&2 || true
        stop
    done
    return 1
}

start() {
    mkdir -p "$dir"
    stop
    find_server
    start_servers
    allow_logging
    load_templates
    echo "host=$home port=$port user=postgres" >"$dir/conninfo"
    [[ $with_pooler == false ]] || echo "host=$home port=$pooler_port user=postgres" >"$dir/pgbouncer_conninfo"
    echo "$bin" >"$dir/bin"
    printf "export PGHOST=%q PGPORT=%q PGUSER=postgres PATH=%q:\$PATH\n" "$home" "$port" "$bin" >"$dir/env"
}

# Streams from the primary; its files are the primary's but for where it listens. It has a slot: the primary keeps what
# the standby has not had yet, however much the other tests write meanwhile.
follow() {
    local primary=$1
    echo "standby_$port" >"$dir/slot"
    as_server_user "$bin/pg_basebackup" --pgdata="$home/data" --dbname="$primary" --checkpoint=fast \
        --wal-method=stream --write-recovery-conf --no-sync --create-slot --slot="standby_$port" \
        >"$dir/basebackup.log" 2>&1 || return 1
    # What the other tests vacuum on the primary must not end what a test reads here: the replay waits for the reader.
    cat >>"$home/data/postgresql.conf" <<CONF
port = $port
unix_socket_directories = '$home'
max_standby_streaming_delay = -1
CONF
    as_server_user "$bin/pg_ctl" start --wait --timeout=60 --silent --pgdata="$home/data" \
        </dev/null >"$dir/postgresql.log" 2>&1
}

# pg_basebackup fails where a database goes while it looks at its directory, and a port can be taken: try again.
standby() {
    local attempt primary
    bin=$(cat "$1/bin") # a standby is of its primary's version
    primary="$(cat "$1/conninfo") dbname=postgres"
    [[ ! -d $(cat "$1/home")/locales ]] || LOCPATH=$(cat "$1/home")/locales
    export LOCPATH
    mkdir -p "$dir"
    for attempt in 1 2 3; do
        home=$(mktemp -d "$(dirname "$(<"$1/home")")/reconcile.XXXXXX")
        echo "$home" >"$dir/home"
        echo "$bin" >"$dir/bin"
        echo "$primary" >"$dir/primary"
        port=$(free_port)
        [[ $EUID -ne 0 ]] || chown postgres "$home"
        if follow "$primary"; then
            echo "host=$home port=$port user=postgres" >"$dir/conninfo"
            return 0
        fi
        echo "cluster.sh: standby $attempt failed; see the end of the logs" >&2
        tail -n 5 "$dir"/{basebackup,postgresql}.log >&2 || true
        stop
    done
    return 1
}

restart() {
    home=$(cat "$dir/home")
    bin=$(cat "$dir/bin")
    as_server_user "$bin/pg_ctl" restart --mode="$1" --wait --timeout=60 --silent --pgdata="$home/data" \
        </dev/null >>"$dir/postgresql.log" 2>&1
}

[[ $# -ge 2 ]] || usage
readonly dir=$2
fsync=on
with_pooler=true
foreign=no
for option in "${@:3}"; do
    case "$1 $option" in
        "start --no-fsync") fsync=off ;;
        "start --no-pooler") with_pooler=false ;;
        "start --foreign") foreign=yes ;;
        "restart "[!-]* | "standby "[!-]*) ;;
        *) usage ;;
    esac
done
case "$1" in
    start) start ;;
    stop) stop ;;
    restart) [[ $# -eq 3 ]] || usage; restart "$3" ;;
    standby) [[ $# -eq 3 ]] || usage; standby "$3" ;;
    *) usage ;;
esac
