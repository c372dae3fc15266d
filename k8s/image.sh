#!/usr/bin/env bash
# Builds the image; ./dev image comes here with the first tool that works.
#
#   image.sh docker|podman|buildah [--release bookworm|trixie] [--tag NAME] [--run-tests ['CTEST ARGS']] [--check]
#
# --check runs the image as a cluster would, against a private PostgreSQL. Where the base image cannot be pulled, buildah
# makes one of the same name with debootstrap.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here
readonly tool=$1
shift
version=$(sed -n 's/^project(.* VERSION \([0-9.]*\).*/\1/p' "$here/../CMakeLists.txt")
tag=customer-reconcile:$version
release=trixie
arguments=()
check=false

while [[ $# -gt 0 ]]; do
    case $1 in
        --release) release=$2; shift ;;
        --tag) tag=$2; shift ;;
        --run-tests)
            arguments+=(--build-arg RUN_TESTS=true)
            if [[ ${2---} != --* ]]; then
                arguments+=(--build-arg "TEST_ARGS=$2")
                shift
            fi
            ;;
        --check) check=true ;;
        *) sed -n '2,/^set/{/^set/d; s/^# \?//; p}' "$0" >&2; exit 64 ;;
    esac
    shift
done

base=docker.io/library/debian:$release-slim

# What debootstrap calls minbase is what the official image is made from.
make_base() {
    local root container
    root=$(mktemp -d /tmp/customer-reconcile-base.XXXXXX)
    echo "$base cannot be pulled: making one with debootstrap"
    debootstrap --variant=minbase "$release" "$root" >/dev/null
    rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
    container=$(buildah from scratch)
    buildah copy --quiet "$container" "$root" / >/dev/null
    buildah commit --quiet --rm "$container" "$1" >/dev/null
    rm -rf "$root"
}

if [[ $tool == buildah ]]; then
    # Without a daemon, without overlay mounts, and without cgroups: it works in a container too.
    export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=${STORAGE_DRIVER-vfs}
    made=localhost/debian:$release-slim
    if buildah inspect --type image "$made" >/dev/null 2>&1; then
        base=$made
    elif ! timeout 60 buildah pull --quiet "$base" >/dev/null 2>&1; then
        make_base "$made"
        base=$made
    fi
fi

SECONDS=0
"$tool" build --file "$here/Dockerfile" --tag "$tag" --build-arg "BASE=$base" --build-arg "VERSION=$version" \
    --build-arg "REVISION=$(git -C "$here" rev-parse HEAD 2>/dev/null || echo unknown)" "${arguments[@]}" "$here/.."
echo "image $tag built in $SECONDS s"
if [[ $check == true ]]; then
    "$here/../tests/k8s/image_check.sh" "$tool" "$tag"
fi
