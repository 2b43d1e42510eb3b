# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser without script, for the tests of the upload page (receive)."""
import html
import http.client
import re
import secrets
import time
import urllib.parse


class Browser:
    """Keeps cookies, follows nothing by itself; every answer is checked for the headers that all
    pages must have."""

    HEADERS = {
        "Content-Security-Policy": "default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
    }

    def __init__(self, port):
        self.port, self.cookies, self.token = port, {}, ""
        self.status, self.headers, self.body, self.text = 0, {}, b"", ""

    def ask(self, method, path, body=None, headers=None, cookies=None):
        jar = self.cookies if cookies is None else cookies
        sent = dict(headers or {})
        if jar:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in jar.items())
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.putrequest(method, path, skip_accept_encoding=True)
        if body is not None:
            sent.setdefault("Content-Length", str(len(body)))
        for name, value in sent.items():
            line.putheader(name, value)
        line.endheaders()
        if body:
            line.send(body)
        answer = line.getresponse()
        self.status, self.headers = answer.status, answer.headers
        self.body = answer.read()
        line.close()
        self.text = self.body.decode("utf-8", "replace")
        for name, value in self.HEADERS.items():
            assert self.headers.get(name, "").startswith(value), f"{path} without {name}"
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            assert "HttpOnly" in cookie and "SameSite=Strict" in cookie, cookie
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        found = re.search(r'name="token" value="([0-9a-f]{64})"', self.text)
        if found:
            self.token = found.group(1)
        return self.status

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def form(self, path, fields, **more):
        body = urllib.parse.urlencode(fields).encode()
        return self.ask("POST", path, body,
                        {"Content-Type": "application/x-www-form-urlencoded"}, **more)

    def sign_in(self, code, passphrase):
        self.cookies.pop("session", None)
        self.get("/")
        status = self.form("/sign-in", {"token": self.token, "code": code,
                                        "passphrase": passphrase})
        if status == 303:
            self.get("/")
        return status

    def upload(self, topic, files, kind="new", token=None, **more):
        """files: (name as bytes, content) each.  Leaves the link to the receipt in .location."""
        fields = [("token", self.token if token is None else token), ("kind", kind)]
        edge, body = multipart(fields, files)
        status = self.ask("POST", f"/topics/{topic}/files", body,
                          {"Content-Type": f"multipart/form-data; boundary={edge}"}, **more)
        self.location = self.headers.get("Location", "")
        return status

    def wait(self, path, seconds=60):
        """Fetches a page until the check is over."""
        end = time.time() + seconds
        while time.time() < end:
            self.get(path)
            if "正在检查" not in self.text:
                return True
            time.sleep(0.1)
        return False

    def problems(self):
        """(file, row, column) of the listed problems, and how many there are in all."""
        places = re.findall(r'<p class="place">(.*?)</p>', self.text)
        total = re.search(r"要核实的内容（(\d+)处）", self.text)
        return [html.unescape(p) for p in places], int(total.group(1)) if total else 0


def multipart(fields, files):
    edge = "edge" + secrets.token_hex(12)
    out = []
    for name, value in fields:
        out.append(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                   .encode())
    for name, content in files:
        out.append(f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="'.encode()
                   + name + b'"\r\nContent-Type: application/octet-stream\r\n\r\n' + content
                   + b"\r\n")
    out.append(f"--{edge}--\r\n".encode())
    return edge, b"".join(out)


class Tap:
    """Test results, one line each."""

    def __init__(self):
        self.bad = 0

    def check(self, what, good, said=""):
        print(f"{'ok' if good else 'not ok'} - {what}", flush=True)
        if not good:
            self.bad += 1
            print("\n".join(f"#   {line}" for line in str(said).splitlines()[:15]), flush=True)

    def same(self, what, wanted, got):
        self.check(what, wanted == got, f"wanted: {wanted}\ngot:    {got}")
