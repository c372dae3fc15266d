"""Reads a page of the HTML report as a browser does, and says what is wrong with it: elements that are
not closed, ids that come twice, anything that would be loaded, run or styled beside the one style and
the one script, and a policy that does not name just these. Exit 3 for any of it."""
import base64, hashlib, re, sys
from html.parser import HTMLParser

class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.ids, self.texts, self.policy = [], [], set(), {}, ""

    def handle_starttag(self, tag, attributes):
        self.look_at(tag, attributes)
        if tag not in ("meta", "col", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.look_at(tag, attributes)

    def look_at(self, tag, attributes):
        named = dict(attributes)
        if len(named) != len(attributes):
            self.wrong.append(f"<{tag}> has an attribute twice")
        if named.get("http-equiv") == "Content-Security-Policy":
            self.policy = named["content"]
        for name, value in attributes:
            if name in ("src", "href", "style", "xlink:href", "action", "srcset") or name.startswith("on"):
                self.wrong.append(f"<{tag} {name}>")
            if name == "id":
                if value in self.ids:
                    self.wrong.append(f"id {value} twice")
                self.ids.add(value)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> does not close what is open")

    def handle_data(self, data):
        if self.open and self.open[-1] in ("style", "script"):
            self.texts.setdefault(self.open[-1], []).append(data)

page = Page()
page.feed(open(sys.argv[1], encoding="utf-8").read())
page.close()
if page.open:
    page.wrong.append(f"not closed: {page.open}")
for tag, texts in page.texts.items():
    hashed = base64.b64encode(hashlib.sha256("".join(texts).encode()).digest()).decode()
    if f"{tag}-src 'sha256-{hashed}'" not in page.policy:
        page.wrong.append(f"{tag} is not what the policy names: {page.policy}")
if "default-src 'none'" not in page.policy or "unsafe" in page.policy or len(page.texts) != 2:
    page.wrong.append(f"policy: {page.policy}")
if re.search(r"url\((?!#)|@import", "".join(page.texts["style"])):
    page.wrong.append("the style loads something")
print("\n".join(page.wrong[:10]), file=sys.stderr)
sys.exit(3 if page.wrong else 0)
