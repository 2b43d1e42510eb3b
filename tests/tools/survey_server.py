#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""survey_server.py FOLDER PORTFILE [CERT KEY]: a server for the tests of fetch and publish.

Answers as ODK Central, KoboToolbox, an OpenRosa server, WebDAV and a listed folder were observed to
answer, from FOLDER, which a test changes while it runs:
    submissions/<name>.xml          instances; the id on the server is the first instanceID
    submissions/<name>.json         optional: {"reviewState", "edits", "updatedAt", "attachments"}
    files/...                       what WebDAV and the listed folder hold
    fault                           what goes wrong, one rule a line: <part of the path> <fault> [times]
    old                             present: as Central of 2024, without ETags
    page                            the most rows that a page of a list has
    asset                           the id of the KoboToolbox asset, and the form it was made of
    elsewhere                       the address that the fault of that name redirects to
Everything asked is written to FOLDER/log as one line: method, path, status, authorised by what.
Faults: 401 403 404 429 500 cut half-zip short long drip elsewhere huge garbage null-page miscount
"""
import hashlib, http.server, json, os, re, socketserver, ssl, sys, threading, time, urllib.parse
import base64, email.utils, html

ROOT, LOCK = sys.argv[1], threading.Lock()
USER, PASSWORD, TOKEN = "fetch@example.org", "correct horse: 电池", "t0ken-of-kobo"
SESSIONS, FORMS = set(), {}


def read(path, mode="rb"):
    with open(os.path.join(ROOT, path), mode) as f:
        return f.read()


def page_size(most):
    """The most rows of a page: the number in FOLDER/page, if any."""
    try:
        return min(most, int(read("page", "r")))
    except FileNotFoundError:
        return most


def submissions(form):
    """Those of a form, newest first."""
    found, folder = [], os.path.join(ROOT, "submissions")
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".xml"):
            continue
        xml = read("submissions/" + name)
        if not re.search(rb'<\w+[^>]*\sid="%s"' % form.encode(), xml):
            continue
        path, meta = os.path.join(folder, name[:-4] + ".json"), {}
        if os.path.exists(path):
            with open(path) as f:
                meta = json.load(f)
        own = re.search(rb"<(?:orx:)?instanceID>([^<]+)<", xml).group(1).decode()
        found.append({"id": meta.get("id", own), "own": own, "xml": xml, "meta": meta, "name": name,
                      "number": 1000 + len(found)})
    return found[::-1]


def fault_for(path):
    """The fault of the first rule that the path contains; a rule with a count wears out."""
    with LOCK:
        try:
            rules = read("fault", "r").split("\n")
        except FileNotFoundError:
            return None
        for i, rule in enumerate(rules):
            part, *rest = rule.split()[:3] if rule.split() else [None]
            if part and part in path and (len(rest) < 2 or int(rest[1]) > 0):
                if len(rest) == 2:
                    rules[i] = "%s %s %d" % (part, rest[0], int(rest[1]) - 1)
                    with open(os.path.join(ROOT, "fault"), "w") as f:
                        f.write("\n".join(rules))
                return rest[0]
    return None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize, disable_nagle_algorithm = 65536, True

    def log_message(self, *_):
        pass

    def note(self, status):
        auth = self.headers.get("Authorization", "-").split()[0]
        with LOCK, open(os.path.join(ROOT, "log"), "a") as f:
            f.write("%s %s %s %s\n" % (self.command, self.path, status, auth))

    def answer(self, status, body=b"", kind="application/json", **headers):
        if isinstance(body, (dict, list)):
            body = json.dumps(body, ensure_ascii=False).encode()
        if isinstance(body, str):
            body = body.encode()
        self.note(status)
        fault = self.fault
        if fault == "huge":
            body = b" " * (20 << 20)
        if fault in ("half-zip", "short", "garbage") and status < 300:
            body = body[: len(body) // 2]
        length = len(body) + (100 if fault == "long" else 0)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(length))
        if fault in ("cut", "long", "drip"):
            self.send_header("Connection", "close")
        self.end_headers()
        if status in (204, 304) or self.command == "HEAD":
            return
        try:
            if fault == "cut":
                self.wfile.write(body[: len(body) // 2])
                self.wfile.flush()
                self.close_connection = True
            elif fault == "drip":
                for i in range(len(body)):
                    self.wfile.write(body[i:i + 1])
                    self.wfile.flush()
                    time.sleep(0.3)
            else:
                self.wfile.write(body)
                self.close_connection = fault == "long"
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    def conditional(self, body, kind, etag, **more):
        """With a strong ETag, ranges too."""
        if self.headers.get("If-None-Match") == etag:
            return self.answer(304, ETag=etag)
        m = re.match(r"bytes=(\d+)-$", self.headers.get("Range") or "")
        if m and self.headers.get("If-Range") == etag and int(m.group(1)) < len(body):
            rest = body[int(m.group(1)):]
            return self.answer(206, rest, kind, ETag=etag, Content_Range="bytes %s-%d/%d" % (
                m.group(1), len(body) - 1, len(body)), **more)
        return self.answer(200, body, kind, ETag=etag, **more)

    def authorised(self, *kinds):
        scheme, _, value = (self.headers.get("Authorization") or "").partition(" ")
        if scheme == "Bearer" and "Bearer" in kinds:
            return value in SESSIONS
        if scheme == "Token" and "Token" in kinds:
            return value == TOKEN
        if scheme == "Basic" and "Basic" in kinds:
            return base64.b64decode(value).decode() == USER + ":" + PASSWORD
        return False

    def handle_one(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        url = urllib.parse.urlsplit(self.path)
        self.query = dict(urllib.parse.parse_qsl(url.query))
        path = urllib.parse.unquote(url.path)
        self.fault = fault_for(urllib.parse.unquote(self.path))
        if self.fault and self.fault.isdigit():
            extra = {"Retry_After": "0"} if self.fault == "429" else {}
            return self.answer(int(self.fault), {"message": "fault", "code": 500.1}, **extra)
        if self.fault == "elsewhere":
            return self.answer(302, Location=read("elsewhere", "r").strip() + path)
        if path.startswith("/v1/"):
            return self.central(path[3:])
        if path.startswith("/api/v2/assets/"):
            return self.kobo(path[15:])
        if path.startswith("/view/"):
            return self.openrosa(path[6:])
        if path.startswith("/files/"):
            return self.files(path[7:])
        return self.answer(404, {"message": "no such route", "code": 404.2})

    do_GET = do_POST = do_DELETE = do_PROPFIND = do_PATCH = handle_one

    # ---- ODK Central ---------------------------------------------------------------------------
    def central(self, path):
        if path == "/sessions" and self.command == "POST":
            asked = json.loads(self.body)
            if (asked.get("email"), asked.get("password")) != (USER, PASSWORD):
                return self.answer(401, {"message": "Could not authenticate.", "code": 401.2})
            token = hashlib.sha256(str(time.time()).encode()).hexdigest()
            SESSIONS.add(token)
            return self.answer(200, {"token": token, "csrf": "x", "expiresAt": "2099-01-01T00:00:00Z"})
        if not self.authorised("Bearer"):
            return self.answer(401, {"message": "no", "code": 401.2})
        if path == "/sessions/current" and self.command == "DELETE":
            SESSIONS.discard(self.headers["Authorization"].split()[1])
            return self.answer(200, {"success": True})
        m = re.match(r"/projects/1/forms(?:/([^/]+?))?(\.svc/Submissions|/submissions/.*|/draft.*|/attachments.*|\.xml)?$", path)
        if not m:
            return self.answer(404, {"message": "not found", "code": 404.1})
        form, rest = m.group(1), m.group(2) or ""
        if rest == ".svc/Submissions":
            return self.odata(form)
        if rest.startswith("/submissions/"):
            return self.submission(form, rest[13:])
        return self.form(form, rest)

    def odata(self, form):
        rows = submissions(form)
        top = page_size(int(self.query.get("$top", len(rows))))
        start, token = 0, self.query.get("$skiptoken")
        if token:
            last = base64.b64decode(token[2:]).decode()
            start = 1 + [r["id"] for r in rows].index(last) if last != "null" else len(rows)
        page = rows[start:start + top]
        value = [{"__id": r["id"], "__system": {
            "submissionDate": "2025-05-01T00:00:00.000Z", "updatedAt": r["meta"].get("updatedAt"),
            "reviewState": r["meta"].get("reviewState"), "edits": r["meta"].get("edits", 0),
            "submitterId": "5", "status": None, "deletedAt": None}} for r in page]
        out = {"value": value, "@odata.context": "https://configured.example/v1/…", "@odata.count": len(rows) + (self.fault == "miscount")}
        last = None
        if start + top < len(rows) and page:
            last = page[-1]["id"]
        elif self.fault == "null-page" and not token:
            last = "null"
        if last:
            out["@odata.nextLink"] = "https://configured.example" + self.path.split("?")[0] + \
                "?%24top=250&%24skiptoken=" + urllib.parse.quote("01" + base64.b64encode(last.encode()).decode())
        if os.path.exists(os.path.join(ROOT, "old")):
            return self.answer(200, out)
        tag = 'W/"eventhash:%s"' % hashlib.md5(json.dumps(value).encode()).hexdigest()
        if self.headers.get("If-None-Match") == tag:
            return self.answer(304, ETag=tag)
        return self.answer(200, out, ETag=tag)

    def submission(self, form, rest):
        m = re.match(r"(.+?)(\.xml|/attachments|/attachments/(.+))$", rest)
        rows = [r for r in submissions(form) if m and r["id"] == m.group(1)]
        if not rows:
            return self.answer(404, {"message": "Could not find", "code": 404.1})
        names = rows[0]["meta"].get("attachments", [])
        if m.group(2) == ".xml":
            return self.answer(200, rows[0]["xml"], "application/xml")
        if m.group(2) == "/attachments":
            return self.answer(200, [{"name": n, "exists": n != "missing.jpg"} for n in names])
        return self.answer(200, b"\xff\xd8 a picture " + m.group(3).encode(), "image/jpeg")

    def form(self, form, rest):
        """Drafts and publishing; FORMS[id] = {"draft": xml, "published": xml, "files": {…}}."""
        post = self.command == "POST"
        if post and form is None or post and rest == "/draft":
            m = re.search(rb'<data id="([^"]+)" version="([^"]*)"', self.body)
            if not m:
                return self.answer(400, {"message": "bad form", "code": 400.2})
            name = m.group(1).decode()
            if form is None and name in FORMS:
                return self.answer(409, {"message": "A resource already exists", "code": 409.3})
            old = FORMS.setdefault(name, {"files": {}, "published": None, "live": {}})
            wanted = re.findall(rb'jr://(?:file-csv|file|images)/([^"<]+)', self.body)
            old["draft"], old["files"] = self.body, {w.decode(): old["live"].get(w.decode()) for w in wanted}
            return self.answer(200, {"xmlFormId": name, "version": m.group(2).decode()})
        f = FORMS.get(form)
        if not f:
            return self.answer(404, {"message": "not found", "code": 404.1})
        m = re.match(r"(/draft)?/attachments(?:/(.+))?$", rest)
        if m:
            files = f["files"] if m.group(1) else f["live"]
            if m.group(2) is None:
                return self.answer(200, [{"name": n, "exists": b is not None, "hash": b and hashlib.md5(b).hexdigest()}
                                         for n, b in files.items()])
            if m.group(2) not in files:
                return self.answer(404, {"message": "not found", "code": 404.1})
            if post:
                files[m.group(2)] = self.body
                return self.answer(200, {"success": True})
            return self.answer(200, files[m.group(2)], "text/csv")
        if rest == "/draft/publish" and post:
            if not f.get("draft"):
                return self.answer(404, {"message": "no draft", "code": 404.1})
            version = lambda x: re.search(rb'<data id="[^"]+" version="([^"]*)"', x or b"").group(1)
            if f["published"] and version(f["published"]) == version(f["draft"]):
                return self.answer(409, {"message": "version was used", "code": 409.6})
            f["published"], f["live"], f["draft"] = f["draft"], dict(f["files"]), None
            return self.answer(200, {"success": True})
        if rest in (".xml", "/draft.xml"):
            xml = f.get("draft") if rest == "/draft.xml" or not f["published"] else f["published"]
            return self.answer(200, xml, "application/xml") if xml else self.answer(404, {"code": 404.1})
        live = re.search(rb'<data id="[^"]+" version="([^"]*)"', f["published"] or f["draft"]).group(1).decode()
        return self.answer(200, {"xmlFormId": form, "version": live,
                                 "publishedAt": "2025-01-01T00:00:00Z" if f["published"] else None})

    # ---- KoboToolbox ---------------------------------------------------------------------------
    def kobo(self, path):
        if not self.authorised("Token", "Basic"):
            return self.answer(401, {"detail": "Invalid token."}, WWW_Authenticate='Token, Basic realm="api"')
        m = re.match(r"(a[A-Za-z0-9]+)/data/(?:(\d+)/)?(attachments/.+)?$", path)
        with open(os.path.join(ROOT, "asset")) as f:
            asset, form = f.read().split()
        if not m or m.group(1) != asset:
            return self.answer(404, {"detail": "Not found."})
        rows = submissions(form)[::-1]
        words = {"rejected": "not_approved", "approved": "approved", "hasIssues": "on_hold"}

        def row(r):
            state = words.get(r["meta"].get("reviewState"))
            return {"_id": r["number"], "_uuid": r["own"][5:],
                    "_validation_status": {"uid": "validation_status_" + state} if state else {}}
        if m.group(2) is None:
            start, limit = int(self.query.get("start", 0)), page_size(min(int(self.query.get("limit", 100)), 1000))
            page = [row(r) for r in rows[start:start + limit]]
            more = start + limit < len(rows)
            return self.answer(200, {"count": len(rows), "next": "https://kf.example/next" if more else None,
                                     "previous": None, "results": page})
        one = [r for r in rows if r["number"] == int(m.group(2))]
        if not one:
            return self.answer(404, {"detail": "Not found."})
        if m.group(3):
            return self.answer(200, b"\xff\xd8 kobo picture", "image/jpeg")
        if self.query.get("format") == "xml":
            xml = one[0]["xml"].replace(b'id="%s"' % form.encode(), b'id="%s"' % asset.encode())
            xml = re.sub(rb"(</meta></data>)$", rb"</meta><__version__>vX</__version__><formhub><uuid>0</uuid></formhub></data>", xml)
            return self.answer(200, xml, "text/xml")
        link = "/api/v2/assets/%s/data/%s/attachments/att1/" % (asset, m.group(2))
        return self.answer(200, dict(row(one[0]), _attachments=[
            {"filename": "u/attachments/x/%s" % n, "download_url": link} for n in one[0]["meta"].get("attachments", [])]))

    # ---- OpenRosa (Briefcase Aggregate API) ----------------------------------------------------
    def openrosa(self, path):
        if not self.authorised("Basic"):
            return self.answer(401, b"", "text/html", WWW_Authenticate='Basic realm="Aggregate"')
        xmlns = "http://opendatakit.org/submissions"
        if path == "submissionList":
            rows, start = submissions(self.query["formId"])[::-1], int(self.query.get("cursor") or 0)
            page = rows[start:start + page_size(int(self.query["numEntries"]))]
            ids = "".join("<id>%s</id>" % html.escape(r["own"]) for r in page)
            return self.answer(200, '<idChunk xmlns="%s"><idList>%s</idList><resumptionCursor>%d</resumptionCursor></idChunk>'
                               % (xmlns, ids, start + len(page)), "text/xml")
        m = re.match(r"(.+?)\[@version=null and @uiVersion=null\]/(\w+)\[@key=(.+)\]$", self.query.get("formId", ""))
        rows = [r for r in submissions(m.group(1)) if r["own"] == m.group(3)] if m else []
        if not rows:
            return self.answer(404, b"", "text/html")
        xml = re.sub(rb"^<\?xml[^>]*\?>", b"", rows[0]["xml"]).decode()
        media = "".join("<mediaFile><filename>%s</filename><hash>md5:0</hash><downloadUrl>/files/%s</downloadUrl></mediaFile>"
                        % (n, n) for n in rows[0]["meta"].get("attachments", []))
        return self.answer(200, '<?xml version="1.0" encoding="UTF-8" ?><submission xmlns="%s" xmlns:orx="http://openrosa.org/xforms">'
                           '<data>%s</data>%s</submission>' % (xmlns, xml, media), "text/xml")

    # ---- folders of files ----------------------------------------------------------------------
    def files(self, path):
        if not self.authorised("Basic"):
            return self.answer(401, b"", "text/html", WWW_Authenticate='Basic realm="files"')
        full = os.path.normpath(os.path.join(ROOT, "files", path))
        if not full.startswith(os.path.join(ROOT, "files")) or not os.path.exists(full):
            return self.answer(404, b"", "text/html")
        if os.path.isdir(full):
            names = sorted(os.listdir(full))
            return self.propfind(full, names) if self.command == "PROPFIND" else self.page(full, names)
        with open(full, "rb") as f:
            body = f.read()
        return self.conditional(body, "application/octet-stream", '"%s"' % hashlib.md5(body).hexdigest(),
                                Last_Modified=email.utils.formatdate(os.path.getmtime(full), usegmt=True))

    def propfind(self, full, names):
        own = urllib.parse.urlsplit(self.path).path
        out = []
        for name in [""] + names:
            one = os.path.join(full, name)
            folder = os.path.isdir(one)
            size = "" if folder else "<D:getcontentlength>%d</D:getcontentlength>" % os.path.getsize(one)
            tag = "" if folder else '<D:getetag>"%s"</D:getetag>' % hashlib.md5(open(one, "rb").read()).hexdigest()
            out.append("<D:response><D:href>%s</D:href><D:propstat><D:prop><D:resourcetype>%s</D:resourcetype>%s%s</D:prop>"
                       "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>" % (
                           own + urllib.parse.quote(name), "<D:collection/>" if folder else "", size, tag))
        return self.answer(207, '<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">%s</D:multistatus>' % "".join(out),
                           "application/xml")

    def page(self, full, names):
        links = "".join('<a href="%s%s">%s</a>\n' % (urllib.parse.quote(n), "/" if os.path.isdir(os.path.join(full, n)) else "",
                                                     html.escape(n)) for n in names)
        return self.answer(200, '<html><body><a href="../">up</a><a href="?C=N">Name</a><a href="https://other.example/x.csv">x</a>'
                           '%s</body></html>\n' % links, "text/html")


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        pass


def main():
    server = Server(("127.0.0.1", 0), Handler)
    if len(sys.argv) > 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3], sys.argv[4])
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    with open(sys.argv[2] + ".new", "w") as f:
        f.write(str(server.server_address[1]))
    os.rename(sys.argv[2] + ".new", sys.argv[2])
    server.serve_forever()


main()
