#!/usr/bin/env bash
# The Debian package, as cpack makes it of a build: what is in it, and that it works where it is unpacked.
#
#   package.sh BUILD
set -euo pipefail

readonly build=$1
work=$(mktemp -d)
readonly work
trap 'rm -rf "$work"' EXIT

fail() {
    echo "package.sh: $*" >&2
    exit 1
}

cpack --config "$build/CPackConfig.cmake" -G DEB -B "$work" >"$work/log" 2>&1 || { cat "$work/log"; fail "cpack failed"; }
package=$(echo "$work"/*.deb)
dpkg-deb --info "$package"
dpkg --dry-run --unpack "$package" >/dev/null || fail "dpkg does not take it"
depends=$(dpkg-deb --field "$package" Depends)
[[ $depends == *libpqxx* && $depends == *libc6* ]] || fail "it depends on $depends"
dpkg-deb --extract "$package" "$work/root"
for file in bin/customer-reconcile share/man/man1/customer-reconcile.1 lib/systemd/system/customer-reconcile.timer \
    share/bash-completion/completions/customer-reconcile share/zsh/vendor-completions/_customer-reconcile \
    share/fish/vendor_completions.d/customer-reconcile.fish share/doc/customer-reconcile/examples/customer-reconcile.yaml \
    share/doc/customer-reconcile/copyright share/customer-reconcile/schemas/{report,history}.schema.json; do
    [[ -s $work/root/usr/$file ]] || fail "no $file"
done
"$work/root/usr/bin/customer-reconcile" config check --config "$work/root/usr/share/doc/customer-reconcile/examples/customer-reconcile.yaml"
service=$work/root/usr/lib/systemd/system/customer-reconcile.service
if command -v systemd-analyze >/dev/null; then
    sed -i "s,^ExecStart=,&$work/root/usr/bin/," "$service"
    systemd-analyze verify --man=no "$service" "${service%.service}.timer"
fi
