#!/usr/bin/env bash
# The Debian packages that hold the libraries which a program is linked with, one a line.
#
#   runtime-packages.sh PROGRAM
set -euo pipefail

# dpkg knows a library by its old path, from before /lib became a link to /usr/lib, or by its new one.
owner_of() {
    local path
    for path in "$1" "${1#/usr}" "/usr$1"; do
        if dpkg-query --search "$path" 2>/dev/null | cut -d: -f1; then
            return
        fi
    done
    echo "no package holds $1" >&2
    return 1
}

ldd "$1" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' | while read -r library; do
    owner_of "$(realpath "$library")"
done | sort --unique
