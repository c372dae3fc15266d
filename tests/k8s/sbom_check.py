"""Whether what k8s/sbom.sh writes is a bill of materials; it comes in by stdin, perhaps after other lines."""

import json
import sys

text = sys.stdin.read()
bill = json.loads(text[text.index("{") :])
components = bill["components"]
urls = [one["purl"] for one in components]

assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5"), bill
assert bill["metadata"]["component"]["name"] == "customer-reconcile", bill["metadata"]
assert any(one["name"].startswith("libpqxx") for one in components), "the program's libraries are not in it"
assert len(set(urls)) == len(urls), "a package stands in it twice"
assert all(url.startswith("pkg:deb/debian/") and "+" not in url.split("?")[0] for url in urls), urls
print(f"{len(components)} packages in the bill of materials")
