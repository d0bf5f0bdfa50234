"""The page of scripts/report in headless Chromium: title, figures that show something, no error, no request outside."""
import fcntl
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from nidus_run import must
from report_page import run_with_page



class Browser:
    """A page of Chromium, spoken to through the pipe of its debugging protocol."""

    def __init__(self, program, profile):
        (to_read, self.to), (self.origin, from_write) = os.pipe(), os.pipe()
        # The protocol is on 3 and 4; these may be in use here.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (to_read, from_write)]
        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", f"--user-data-dir={profile}",
             "about:blank"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            pass_fds=(3, 4), preexec_fn=lambda: [os.dup2(end, number) for number, end in zip((3, 4), ends)])
        for end in (to_read, from_write, *ends):
            os.close(end)
        self.answers, self.number, self.session, self.events = os.fdopen(self.origin, "rb"), 0, None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def message(self):
        """The next message of the browser."""
        text = bytearray()
        while (byte := self.answers.read(1)) != b"\0":
            must(byte, "the browser has ended")
            text += byte
        return json.loads(text)

    def call(self, method, **parameters):
        """What METHOD answers; events in between are kept."""
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.to, json.dumps(request).encode() + b"\0")
        while (message := self.message()).get("id") != self.number:
            self.events.append(message)
        must("error" not in message, f"{method}: {message.get('error')}")
        return message["result"]

    def load(self, path):
        self.call("Page.navigate", url=path.as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.message())

    def value(self, expression):
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"]["value"]

    def errors(self):
        """What a reader would find in the console."""
        found = []
        for event in self.events:
            of, method = event.get("params", {}), event.get("method")
            if method == "Runtime.exceptionThrown" or (method == "Runtime.consoleAPICalled" and of["type"] == "error") or (
                    method == "Log.entryAdded" and of["entry"]["level"] in ("error", "warning")):
                found.append(of)
        return found

    def requests(self):
        return [event["params"]["request"]["url"] for event in self.events
                if event.get("method") == "Network.requestWillBeSent"]

    def close(self):
        self.process.kill()
        self.process.wait()


def main():
    program = shutil.which("chromium")
    if program is None:
        print("SKIPPED: the package 'chromium' is not installed")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        folder, page = run_with_page(scratch)
        browser = Browser(program, scratch / "profile")
        try:
            browser.load(folder / "report.html")
            must(browser.value("document.title") == page.title, "another title")
            sizes = browser.value("Array.from(document.images, i => [i.complete, i.naturalWidth, i.naturalHeight])")
            must(len(sizes) == len(page.images) and all(done and width > 0 and height > 0 for done, width, height in sizes),
                 f"figures {sizes}")
            for width in (1280, 390):
                browser.call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1,
                             mobile=width < 600)
                wide = browser.value("document.documentElement.scrollWidth")
                must(wide <= width, f"the page is {wide} pixels wide on a screen of {width}")
            must(not browser.errors(), f"in the console: {browser.errors()}")
            outside = [url for url in browser.requests() if not url.startswith(("data:", "file:"))]
            must(not outside and sum(url.startswith("file:") for url in browser.requests()) == 1, f"requests: {outside}")
            print(f"{len(sizes)} figures, no error, nothing from outside")
        finally:
            browser.close()


main()
