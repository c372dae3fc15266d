"""Ticks every item of a page of the HTML report in Chromium, by keyboard, and writes what a person then
sees as JSON: the `boxes` by their names, how many key `presses` ticked all of them, the `command`, and
how many boxes and bars are `shown`, `on_paper` and `without_scripts`.
Usage: tick_items.py CHROMIUM PAGE"""
import json, os, pathlib, subprocess, sys, tempfile

class Browser:
    """Speaks with Chromium over its two pipes: file descriptors 3 and 4."""
    def __init__(self, program, profile):
        to_browser, self.write = os.pipe()
        read, from_browser = os.pipe()
        self.read, self.number, self.session = os.fdopen(read, "rb"), 0, None
        ends = f"exec 3<&{to_browser} 4>&{from_browser}; exec \"$@\""
        self.process = subprocess.Popen(
            ["bash", "-c", ends, "bash", program, "--headless", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--remote-debugging-pipe", f"--user-data-dir={profile}"],
            pass_fds=(to_browser, from_browser), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)

    def wait_for(self, fits):
        while True:
            message = b""
            while not message.endswith(b"\0"):
                if not (byte := self.read.read(1)):
                    sys.exit("Chromium has ended")
                message += byte
            if fits(found := json.loads(message[:-1])):
                return found

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        return self.wait_for(lambda found: found.get("id") == self.number)["result"]

    def open(self, page):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.load(page)

    def load(self, page):
        self.call("Page.navigate", url=pathlib.Path(page).absolute().as_uri())
        self.wait_for(lambda found: found.get("method") == "Page.loadEventFired")

    def value_of(self, expression):
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def press_space(self):
        for kind in "keyDown", "keyUp":
            self.call("Input.dispatchKeyEvent", type=kind, key=" ", code="Space", text=" ",
                      windowsVirtualKeyCode=32)

SHOWN = "[...document.querySelectorAll('.items [type=checkbox], .selection')].filter((one) => one.checkVisibility()).length"

with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    browser = Browser(sys.argv[1], profile)
    browser.open(sys.argv[2])
    seen = {"boxes": browser.value_of(
        "[...document.querySelectorAll('.items [type=checkbox]')].map((box) => box.getAttribute('aria-label'))")}
    seen["presses"] = 0
    for index in range(len(seen["boxes"])):
        if not browser.value_of(f"{{ const box = document.querySelectorAll('.items [type=checkbox]')[{index}];"
                                " box.focus(); box.checked }"):
            browser.press_space()
            seen["presses"] += 1
    seen["command"] = browser.value_of("document.querySelector('.selection code')?.textContent")
    seen["shown"] = browser.value_of(SHOWN)
    browser.call("Emulation.setEmulatedMedia", media="print")
    seen["on_paper"] = browser.value_of(SHOWN)
    browser.call("Emulation.setEmulatedMedia", media="screen")
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.load(sys.argv[2])
    seen["without_scripts"] = browser.value_of(SHOWN)
    print(json.dumps(seen))
    browser.session = None
    browser.call("Browser.close")
    browser.process.wait()
