#!/bin/sh
# What is in the image, in CycloneDX 1.5: the program, and the Debian packages that dpkg knows, by their package URLs.
#
#   sbom.sh VERSION REVISION >sbom.cdx.json
#
# It runs in the image itself, which has a shell, awk and dpkg, and little else.
set -eu

# shellcheck source=/dev/null
. /etc/os-release

# shellcheck disable=SC2016 # the fields are dpkg's
dpkg-query --show --showformat '${binary:Package} ${Version} ${Architecture}\n' |
    awk -v version="$1" -v revision="$2" -v distro="$ID-$VERSION_ID" '
        function escaped(text) {
            gsub(/%/, "%25", text)
            gsub(/:/, "%3A", text)
            gsub(/\+/, "%2B", text)
            return text
        }
        BEGIN {
            print "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.5\", \"version\": 1,"
            print " \"metadata\": {\"component\": {\"type\": \"application\", \"name\": \"customer-reconcile\","
            printf "  \"version\": \"%s\", \"bom-ref\": \"customer-reconcile\",\n", version
            printf "  \"properties\": [{\"name\": \"revision\", \"value\": \"%s\"}]}},\n", revision
            print " \"components\": ["
        }
        {
            name = $1
            sub(/:.*/, "", name)
            url = sprintf("pkg:deb/debian/%s@%s?arch=%s&distro=%s", escaped(name), escaped($2), $3, distro)
            printf "%s  {\"type\": \"library\", \"name\": \"%s\", \"version\": \"%s\", \"purl\": \"%s\", \"bom-ref\": \"%s\"}",
                (NR > 1 ? ",\n" : ""), name, $2, url, url
        }
        END { print "\n ]}" }'
