#!/usr/bin/env bash
# Measures the job on a private PostgreSQL: ./dev bench builds it and comes here. README.md says what is measured.
#
#   bench.sh JOB OUT [--sizes 10k,100k] [--runs 3] [--only T1,T4]
#
# OUT gets samples.tsv (measure, tenants, value: one line a sample), results.json and growth.svg.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here
# shellcheck source=tests/bench/database.sh
source "$here/database.sh"
# shellcheck source=tests/bench/measures.sh
source "$here/measures.sh"

usage() {
    echo "usage: ./dev bench [--sizes 10k,100k,1M] [--runs 3] [--only T1,T4,...,T18,empty]" >&2
    exit 64
}

die() {
    echo "bench: $*" >&2
    exit 1
}

[[ $# -ge 2 ]] || usage
mkdir -p "$2"
job=$(realpath "$1")
out=$(realpath "$2")
readonly job out
shift 2

sizes=(10000 100000)
runs=3
wanted=(T{1..18} empty)
while [[ $# -gt 0 ]]; do
    [[ $# -ge 2 ]] || usage
    case $1 in
        --sizes)
            sizes=()
            for size in ${2//,/ }; do
                size=${size/%k/000}
                size=${size/%M/000000}
                [[ $size =~ ^[1-9][0-9]*$ ]] || usage
                sizes+=("$size")
            done
            ;;
        --runs) runs=$2 ;;
        --only)
            IFS=, read -ra wanted <<<"$2"
            for measure in "${wanted[@]}"; do
                [[ $measure =~ ^(T([1-9]|1[0-8])|empty)$ ]] || usage
            done
            ;;
        *) usage ;;
    esac
    shift 2
done
[[ $runs =~ ^[1-9][0-9]*$ ]] || usage
readonly sizes runs wanted

# A first night on purpose: nobody is there to allow it.
export CUSTOMER_RECONCILE_GUARD_CREATE_RATIO=100% CUSTOMER_RECONCILE_GUARD_CHANGE_RATIO=100% \
    CUSTOMER_RECONCILE_GUARD_CLEANUP_RATIO=100%

# Whether one of the measures is wanted.
wants() {
    local measure
    for measure in "$@"; do
        [[ " ${wanted[*]} " != *" $measure "* ]] || return 0
    done
    return 1
}

measure_size() {
    local tenants=$1
    say "$tenants tenants"
    make_world "$tenants"
    ! wants T1 T2 T3 T8 T9 T10 || measure_reading "$tenants"
    ! wants T12 || measure_round_trips "$tenants"
    ! wants T8 || measure_nightly "$tenants"
    ! wants T4 T5 T9 T15 empty || measure_backfill "$tenants"
    ! wants T5 || measure_old_path "$tenants"
    ! wants T5 T15 || measure_link "$tenants"
    ! wants T9 || measure_legacy "$tenants"
    ! wants T6 T7 || measure_beside "$tenants"
    ! wants empty || measure_empty "$tenants"
    ! wants T13 T17 || measure_history "$tenants"
    ! wants T17 || measure_referrers "$tenants"
    ! wants T18 || measure_idle "$tenants"
    drop_worlds "$tenants"
}

start_database
: >"$out/samples.tsv"
! wants T11 || measure_tiny
! wants T14 || measure_crowd
! wants T16 || measure_bytes
for size in "${sizes[@]}"; do
    measure_size "$size"
done
python3 -B "$here/report.py" "$out"
