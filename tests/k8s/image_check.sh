#!/usr/bin/env bash
# The image as a cluster runs it: not as root, on a read-only root, with one folder to write to, against a private
# PostgreSQL with the demo's world.
#
#   image_check.sh docker|podman|buildah IMAGE
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here tool=$1 image=$2
readonly user=10001:10001
work=$(mktemp -d /tmp/customer-reconcile-image.XXXXXX)
readonly work
container=

end() {
    [[ -z $container ]] || buildah rm "$container" >/dev/null
    "$here/../support/cluster.sh" stop "$work/cluster" || true
    rm -rf "$work"
}
trap end EXIT

fail() {
    echo "image_check.sh: $*" >&2
    exit 1
}

# buildah has no --read-only: the same by hand, in mount and PID namespaces of its own. The entry point is the image's.
run_with_buildah() {
    local root
    root=$(buildah mount "$container")
    # shellcheck disable=SC2016 # $0 and $@ are the inner shell's
    unshare --mount --pid --fork sh -euc '
        root=$0
        mount --bind "$root" "$root"
        mkdir -p "$root/reports"
        mount --bind "$1" "$root/reports"
        mount -o remount,bind,ro "$root"
        user=$2
        shift 2
        exec chroot --userspec="$user" "$root" env -i PATH=/usr/local/bin:/usr/bin:/bin "$@"' \
        "$root" "$work/reports" "$user" "${environment[@]}" "${command[@]}"
}

run_with_engine() {
    local variable options=()
    for variable in "${environment[@]}"; do
        options+=(--env "$variable")
    done
    "$tool" run --rm --read-only --network host --user "$user" --cap-drop ALL \
        --security-opt no-new-privileges --volume "$work/reports:/reports" "${options[@]}" \
        --entrypoint "${command[0]}" "$image" "${command[@]:1}"
}

# run EXPECTED COMMAND...: in the image, ending with that code
run() {
    local expected=$1 status=0
    shift
    command=("$@")
    printf '\n$ %s\n' "$*"
    if [[ $tool == buildah ]]; then
        run_with_buildah || status=$?
    else
        run_with_engine || status=$?
    fi
    [[ $status -eq $expected ]] || fail "exit code $status instead of $expected"
}

inspect() {
    if [[ $tool == buildah ]]; then
        buildah inspect --type image --format "{{$1}}" "$image"
    else
        "$tool" image inspect --format "{{$2}}" "$image"
    fi
}

entry=$(inspect .OCIv1.Config.Entrypoint .Config.Entrypoint)
entry=${entry//[\[\]]/}
[[ $(inspect .OCIv1.Config.User .Config.User) == "$user" ]] || fail "the image's user is not $user"

mkdir -m 777 "$work/reports"
"$here/../support/cluster.sh" start "$work/cluster" --no-fsync --no-pooler
# shellcheck source=/dev/null
source "$work/cluster/env"
psql=(psql -X --quiet --set=ON_ERROR_STOP=1)
"${psql[@]}" --dbname=postgres -c "CREATE DATABASE demo TEMPLATE template_clients"
"${psql[@]}" --dbname=demo --file="$here/../fixtures/demo_world.sql"
environment=(PGHOST=127.0.0.1 "PGPORT=$PGPORT" PGUSER=postgres PGDATABASE=demo)
command=()
[[ $tool != buildah ]] || container=$(buildah from "$image")

run 0 id
run 1 touch /usr/local/bin/x
run 0 "$entry" --version
run 0 "$entry" init --yes
run 3 "$entry" plan --list-limit=2 --report /reports/plan.json
[[ $(stat --format=%u "$work/reports/plan.json") == "${user%:*}" ]] || fail "no report of user $user"
run 3 "$entry" apply --yes --list-limit=2
run 0 sh -c '! command -v gcc && ! command -v cmake && ! ls /usr/lib/postgresql 2>/dev/null'
# shellcheck disable=SC2016 # it is for the image's shell
run 0 sh -c 'echo "$(. /etc/os-release && echo "$PRETTY_NAME"), $(dpkg-query --show | wc --lines) packages"'
run 0 cat /usr/local/share/customer-reconcile/sbom.cdx.json | python3 "$here/sbom_check.py"
if [[ $tool == buildah ]]; then
    size=$(du --summarize --bytes "$(buildah mount "$container")" | cut -f 1)
else
    size=$("$tool" image inspect --format '{{.Size}}' "$image")
fi
echo "$((size / 1000000)) MB"
echo "image $image: not root, read-only root, works"
