#!/usr/bin/env bash
# Alert rules and dashboard under promtool: what is inside the PrometheusRule as a plain rule file, its unit tests, and
# every expression of the dashboard as a recording rule.
#
#   rules.sh OUT
set -euo pipefail

readonly out=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly monitoring=$here/../../k8s/components/monitoring

mkdir -p "$out"
sed '1,/^spec:/d; s/^  //' "$monitoring/rules.yaml" >"$out/rules.yaml"
if ! diff <(grep -v '^#' "$monitoring/prometheus-rules.yaml") "$out/rules.yaml"; then
    echo "prometheus-rules.yaml is not what rules.yaml holds; its first lines say how it is made" >&2
    exit 1
fi
promtool check rules --lint=all --lint-fatal "$out/rules.yaml"
cp "$here/rules_test.yaml" "$out"
promtool test rules "$out/rules_test.yaml"

{
    echo 'groups: [{name: dashboard, rules: ['
    grep -o '"expr": "\(\\.\|[^"\\]\)*"' "$monitoring/dashboard.json" | sort -u |
        awk '{ printf "{record: dashboard:expression:%d, %s},\n", NR, $0 }'
    echo ']}]'
} >"$out/dashboard_rules.yaml"
promtool check rules --lint=all --lint-fatal "$out/dashboard_rules.yaml"
