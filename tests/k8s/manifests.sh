#!/usr/bin/env bash
# Renders base and overlays into OUT, validates every object against the schemas of Kubernetes, and sends what holds pods
# through kubectl's typed objects and back, which loses every field that Kubernetes does not know.
#
#   manifests.sh OUT    after tools.sh OUT; exit 77: that could not get what is needed
set -euo pipefail

readonly out=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here

[[ -x $out/kubectl ]] || { echo "SKIPPED: no kubectl; k8s_tools says why"; exit 77; }
mkdir -p "$out/rendered"
cp "$here/schema.mjs" "$out" # beside the node_modules that it imports
for kustomization in base overlays/staging overlays/production; do
    rendered=$out/rendered/$(basename "$kustomization")
    "$out/kubectl" kustomize "$here/../../k8s/$kustomization" >"$rendered.yaml"
    node "$out/schema.mjs" validate "$rendered.yaml"
    node "$out/schema.mjs" pods "$rendered.yaml" >"$rendered.pods.json"
    "$out/kubectl" set image --local --filename "$rendered.pods.json" 'customer-reconcile=typed:1' --output yaml \
        >"$rendered.typed.yaml"
    node "$out/schema.mjs" compare "$rendered.pods.json" "$rendered.typed.yaml"
done
# A check that finds nothing might look at nothing.
sed 's/concurrencyPolicy/concurencyPolicy/; s/readOnlyRootFilesystem/readOnlyRootFileSystem/' "$out/rendered/base.pods.json" \
    >"$out/rendered/misspelt.json"
"$out/kubectl" set image --local --filename "$out/rendered/misspelt.json" 'customer-reconcile=typed:1' --output yaml \
    >"$out/rendered/misspelt.typed.yaml"
for check in "validate $out/rendered/misspelt.json" "compare $out/rendered/misspelt.json $out/rendered/misspelt.typed.yaml"; do
    # shellcheck disable=SC2086
    if node "$out/schema.mjs" $check 2>/dev/null; then
        echo "a misspelt field passes: $check" >&2
        exit 1
    fi
done
