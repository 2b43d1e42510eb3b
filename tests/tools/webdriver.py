# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser by the W3C WebDriver protocol (chromedriver), with nothing but Python's own library.

    with Chromium(width=400, height=800) as page:
        page.go("http://127.0.0.1:8080/")
        page.type("#code", "411525")
        page.click("button")
        page.picture("page.png")
"""
import base64
import http.client
import json
import os
import re
import signal
import subprocess
import tempfile
import time

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--hide-scrollbars", "--lang=zh-CN"]


class Chromium:
    def __init__(self, width=1280, height=900, script=True, downloads=None):
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True,
                                       start_new_session=True)
        self.port = None
        while self.port is None:
            line = self.driver.stdout.readline()
            if not line:
                raise RuntimeError("chromedriver does not start")
            found = re.search(r"successfully on port (\d+)", line)
            self.port = found and int(found.group(1))
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        wishes = {"download.default_directory": downloads or self.profile.name}
        self.session = None
        answer = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {
                "args": [*FLAGS, f"--user-data-dir={self.profile.name}",
                         f"--window-size={width},{height}"],
                "mobileEmulation": {"deviceMetrics": {"width": width, "height": height,
                                                      "pixelRatio": 1, "touch": width < 600}},
                "prefs": wishes}}}})
        self.session = answer["sessionId"]
        if not script:  # the driver needs script itself: the pages' only one is kept from them
            self.develop("Network.enable", {})
            self.develop("Network.setBlockedURLs", {"urls": ["*.js"]})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("DELETE", "")
        finally:  # whatever is left of the browser goes with its driver
            os.killpg(self.driver.pid, signal.SIGKILL)
            self.driver.wait()
            self.profile.cleanup()

    def call(self, method, path, body=None):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        where = path if self.session is None else f"/session/{self.session}{path}"
        line.request(method, where, json.dumps(body if body is not None else {})
                     if method == "POST" else None)
        answer = json.loads(line.getresponse().read())["value"]
        if isinstance(answer, dict) and "error" in answer:
            raise RuntimeError(f"{path}: {answer['error']}: {answer['message'][:200]}")
        return answer

    def develop(self, command, values):
        """A command of the browser's own protocol."""
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": values})

    def go(self, url):
        self.call("POST", "/url", {"url": url})

    def find(self, css):
        return self.call("POST", "/element", {"using": "css selector", "value": css})[ELEMENT]

    def all(self, css):
        return [e[ELEMENT] for e in
                self.call("POST", "/elements", {"using": "css selector", "value": css})]

    def type(self, css, text):
        self.call("POST", f"/element/{self.find(css)}/value", {"text": text})

    def click(self, css):
        self.call("POST", f"/element/{self.find(css)}/click")

    def text(self, css="body"):
        return self.call("GET", f"/element/{self.find(css)}/text")

    def run(self, script):
        return self.call("POST", "/execute/sync", {"script": script, "args": []})

    def url(self):
        return self.call("GET", "/url")

    def wait(self, true, seconds=30):
        """Until true(self) holds."""
        end = time.time() + seconds
        while time.time() < end:
            try:
                if true(self):
                    return True
            except RuntimeError:
                pass
            time.sleep(0.1)
        return False

    def keys(self, *names):
        """Presses keys one after the other, on whatever has the focus."""
        codes = {"tab": "\ue004", "enter": "\ue007", "space": " "}
        steps = []
        for name in names:
            for letter in [codes[name]] if name in codes else name:
                steps += [{"type": "keyDown", "value": letter}, {"type": "keyUp", "value": letter}]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "k", "actions": steps}]})

    def picture(self, path):
        """The whole page."""
        height = min(6000, self.run("return document.documentElement.scrollHeight"))
        width = self.run("return window.innerWidth")
        self.develop("Emulation.setDeviceMetricsOverride",
                     {"width": width, "height": height, "deviceScaleFactor": 1,
                      "mobile": width < 600})
        with open(path, "wb") as f:
            f.write(base64.b64decode(self.call("GET", "/screenshot")))
        self.develop("Emulation.clearDeviceMetricsOverride", {})
